/**
 * The past of a world: the real simulated controllers and nodes run through it on a clock of their own, in a storage of their own, and
 * what is left at the end is put into the world's storage with its dates and uids. So revisions, ReplicaSets and pods are not drawn by
 * hand. Events older than an hour would be gone; they are not written at all.
 */
import type { Catalogue } from '#catalogue/catalogue.ts';
import { workloadName } from '#catalogue/catalogue.ts';
import { startControllers } from '../cluster/controllers/controllers.ts';
import { fastTimings } from '../cluster/kubelet/container-worker.ts';
import { type ImageRegistry, imageRegistry } from '../cluster/kubelet/images.ts';
import { startKubelet } from '../cluster/kubelet/kubelet.ts';
import {
  annotations,
  configMaps,
  deployments,
  horizontalPodAutoscalers,
  namespaces,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
} from '../cluster/objects.ts';
import type { ClusterStorage } from '../cluster/storage.ts';
import { createStorage } from '../cluster/storage.ts';
import type { Resource, StoredObject } from '../cluster/storage-contract.ts';
import type { Release, ServiceStory } from './company.ts';
import { companyStory, imageOf, storyElsewhere } from './company.ts';
import { deploy } from './deploy.ts';
import {
  autoscalerManifest,
  changeCause,
  configMapManifest,
  configName,
  databasePodManifest,
  deployedBy,
  deploymentManifest,
  disruptionBudgetManifest,
  lastApplied,
  namespaceManifest,
  secretManifest,
  secretName,
  serviceManifest,
} from './manifests.ts';
import { seededRandom } from './seeded-random.ts';
import { virtualClock } from './virtual-clock.ts';

const hourMs = 3_600_000;
const foundedHoursAgo = 41 * 24;
const eventLifetimeMs = hourMs;

interface Founding {
  catalogue: Catalogue;
  seed: number;
  /** The present, ms since 1970. */
  nowMs: number;
}

export interface HistoryOptions extends Founding {
  /** Gets every image that was deployed. */
  images: ImageRegistry;
}

interface Past extends Founding {
  storage: ClusterStorage;
  clock: ReturnType<typeof virtualClock>;
  /** In the order they were pushed. */
  pushed: string[];
}

interface Chapter {
  hoursAgo: number;
  happen(): void;
}

function found({ storage, catalogue, clock }: Past, environment: string): void {
  const namespace = catalogue.environments[environment]?.namespace ?? environment;
  storage.create(namespaces, namespaceManifest(namespace));
  const settings = {
    NODE_ENV: environment,
    LOG_LEVEL: 'info',
    REDIS_URL: 'redis://redis-master:6379',
    REGION: 'eu-west-2',
  };
  storage.create(configMaps, configMapManifest(namespace, configName, clock.now(), settings));
  const values = { DATABASE_PASSWORD: 'not-a-real-password', JWT_SECRET: 'not-a-real-secret' };
  storage.create(secrets, secretManifest(namespace, secretName, clock.now(), values));
  if (!catalogue.environments[environment]?.production) return;
  storage.create(pods, databasePodManifest(namespace, 'postgres-primary-0', 'postgres:17.6'));
  storage.create(pods, databasePodManifest(namespace, 'redis-master-0', 'redis:8.2.1'));
}

function firstRelease(past: Past, environment: string, story: ServiceStory, release: Release): void {
  const { storage, catalogue } = past;
  const { namespace = environment } = catalogue.environments[environment] ?? {};
  const { name: service, replicas, autoscaler, disruptionBudget, isApplied } = story;
  const name = workloadName(catalogue, environment, service);
  const manifest = deploymentManifest({
    name,
    namespace,
    service,
    image: imageOf(service, release.version),
    replicas,
    ...(release.env && { env: release.env }),
    annotations: { [changeCause]: `${release.by}: ${release.change}`, [deployedBy]: release.by },
  });
  const known = (manifest.metadata as { annotations: object }).annotations;
  const marked = isApplied ? { ...known, [annotations.lastApplied]: lastApplied(manifest) } : known;
  storage.create(deployments, { ...manifest, metadata: { ...manifest.metadata, annotations: marked } });
  const number = companyStory.findIndex((s) => s.name === service);
  storage.create(services, serviceManifest(namespace, name, service, `10.96.${namespace.length}.${20 + number}`));
  if (autoscaler) storage.create(horizontalPodAutoscalers, autoscalerManifest(namespace, name, autoscaler));
  if (disruptionBudget) {
    storage.create(
      podDisruptionBudgets,
      disruptionBudgetManifest(namespace, name, service, disruptionBudget.minAvailable),
    );
  }
}

function chapters(past: Past, environment: string, story: ServiceStory): Chapter[] {
  const { storage, clock, catalogue, pushed } = past;
  return story.releases.map((release, index) => {
    const image = imageOf(story.name, release.version);
    pushed.push(image);
    return {
      hoursAgo: release.hoursAgo,
      happen() {
        if (index === 0) {
          firstRelease(past, environment, story, release);
          return;
        }
        const workload = workloadName(catalogue, environment, story.name);
        const { namespace = environment } = catalogue.environments[environment] ?? {};
        deploy(storage, clock, { namespace, workload, image, ...release });
      },
    };
  });
}

const kind = (environment: string, isProduction: boolean): 'production' | 'staging' | 'dev' =>
  isProduction ? 'production' : environment === 'dev' ? 'dev' : 'staging';

/** Stories of the services that the catalogue names; others have no history. */
function storiesOf({ catalogue }: Founding, environment: string): ServiceStory[] {
  const which = kind(environment, catalogue.environments[environment]?.production ?? false);
  const told = companyStory.filter((story) => catalogue.services[story.name]);
  return which === 'production' ? told : told.map((story) => storyElsewhere(story, which));
}

/** Generations begin anew in the world's storage; what was observed follows. */
function settled(object: StoredObject): StoredObject {
  const status = object['status'] as { observedGeneration?: number } | undefined;
  if (status?.observedGeneration === undefined) return object;
  return { ...object, status: { ...status, observedGeneration: 1 } };
}

interface Kept {
  resource: Resource;
  object: StoredObject;
}

function everythingIn(storage: ClusterStorage): Kept[] {
  const rank = (resource: Resource): number => (resource.plural === 'namespaces' ? 0 : 1);
  return storage
    .resources()
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((resource) => storage.peek(resource).map((object) => ({ resource, object: settled(object) })));
}

interface Made {
  nowMs: number;
  pushed: string[];
  kept: Kept[];
}

/** Runs through the past. */
function livedThrough(founding: Founding): Made {
  const { catalogue, seed, nowMs } = founding;
  const random = seededRandom(seed);
  const clock = virtualClock(nowMs - foundedHoursAgo * hourMs);
  const storage = createStorage(clock, random, { historyLength: 1 });
  const past: Past = { ...founding, storage, clock, pushed: [] };
  const recordsEvents = (): boolean => clock.now() > nowMs - eventLifetimeMs;
  const controllers = startControllers({ storage, clock, random, recordsEvents });
  const kubelet = startKubelet({
    storage,
    clock,
    random,
    images: imageRegistry(),
    timings: fastTimings,
    recordsEvents,
  });
  const environments = Object.keys(catalogue.environments);
  for (const environment of environments) found(past, environment);
  const told = environments
    .flatMap((environment) => storiesOf(founding, environment).flatMap((story) => chapters(past, environment, story)))
    .toSorted((a, b) => b.hoursAgo - a.hoursAgo);
  for (const chapter of told) {
    const at = nowMs - chapter.hoursAgo * hourMs - random() * 40 * 60_000;
    clock.advance(Math.max(0, at - clock.now()));
    chapter.happen();
  }
  clock.advance(Math.max(0, nowMs - clock.now()));
  controllers.stop();
  kubelet.stop();
  return { nowMs, pushed: past.pushed, kept: everythingIn(storage) };
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** A copy in which every date is so much later. */
function later<T>(json: T, byMs: number): T {
  if (typeof json === 'string')
    return (DATE.test(json) ? `${new Date(Date.parse(json) + byMs).toISOString().slice(0, 19)}Z` : json) as T;
  if (Array.isArray(json)) return json.map((item: unknown) => later(item, byMs)) as T;
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, later(value, byMs)])) as T;
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** The past that was made last: who asks for that of the same company again gets the same one, up to the new present. */
let last: { company: string; made: Made } | undefined;

function pastOf(founding: Founding): Made {
  const company = JSON.stringify([founding.seed, founding.catalogue]);
  if (last?.company !== company) last = { company, made: livedThrough(founding) };
  return last.made;
}

/** Fills the storage with some weeks of deploys. Nothing runs afterwards; whoever starts controllers on it finds everything at rest. */
export function makeHistory(target: ClusterStorage, options: HistoryOptions): void {
  const past = pastOf(options);
  for (const image of past.pushed) options.images.push(image, 'ok');
  const byMs = wholeSeconds(options.nowMs) - wholeSeconds(past.nowMs);
  target.restore(past.kept.map(({ resource, object }) => ({ resource, object: later(object, byMs) })));
}
