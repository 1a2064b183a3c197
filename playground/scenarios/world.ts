/**
 * The world behind the bot: a company's cluster with a past, its pods and controllers running, HTTP endpoints in front, and what people
 * do to it. It may assume a storage that holds whatever else the API server needs (CRD, RBAC); it never speaks to Slack or to the bot.
 */
import type { Catalogue } from '#catalogue/catalogue.ts';
import { workloadName } from '#catalogue/catalogue.ts';
import type { WorldClock } from '../clock.ts';
import { startControllers } from '../cluster/controllers/controllers.ts';
import type { KubeletTimings } from '../cluster/kubelet/container-worker.ts';
import { playgroundTimings } from '../cluster/kubelet/container-worker.ts';
import type { ImageBehaviour, ImageRegistry } from '../cluster/kubelet/images.ts';
import { imageRegistry } from '../cluster/kubelet/images.ts';
import type { Kubelet } from '../cluster/kubelet/kubelet.ts';
import { startKubelet } from '../cluster/kubelet/kubelet.ts';
import type { LogOptions } from '../cluster/kubelet/pod-logs.ts';
import * as kinds from '../cluster/objects.ts';
import type { ClusterStorage } from '../cluster/storage.ts';
import { startServiceEndpoints } from '../services/service-endpoints.ts';
import type { Traffic } from '../services/traffic.ts';
import { simulateTraffic } from '../services/traffic.ts';
import type { ServiceView, WorldAction } from '../world-protocol.ts';
import { imageOf, nextPatch, repositoryOf } from './company.ts';
import { deploy } from './deploy.ts';
import { makeHistory } from './history.ts';
import { seededRandom } from './seeded-random.ts';
import { alertText, serviceViews } from './views.ts';

export interface WorldOptions {
  storage: ClusterStorage;
  clock: WorldClock;
  seed: number;
  catalogue: Catalogue;
  /** Default: ready in one to two seconds. */
  timings?: KubeletTimings;
  /** Of the HTTP endpoints; 0: any free one. */
  port?: number;
  /** Controllers and scheduler are those of a real control plane; only nodes and pods are ours. */
  onPlane?: boolean;
}

export type DeployAction = Extract<WorldAction, { service: string }>['action'] & `deploy-${string}`;

export interface Deployed {
  service: string;
  version: string;
  by: string;
}

export interface WorldControl {
  readonly storage: ClusterStorage;
  readonly clock: WorldClock;
  readonly catalogue: Catalogue;
  readonly images: ImageRegistry;
  readonly traffic: Traffic;
  /** Default: the first production environment. */
  view(environment?: string): ServiceView[];
  /** A deploy of the next patch version, as its pipeline would do it. Throws StorageError 404 for an unknown service. */
  act(action: DeployAction, service: string, environment?: string): Deployed;
  alertText(service: string, environment?: string): string;
  /** What the catalogue's environment should have as baseUrl. */
  baseUrl(environment: string): string;
  /** Throws LogsUnavailable. */
  logs(namespace: string, pod: string, options?: LogOptions): string;
  /** Called after each change of what `view` shows; returns its removal. */
  onChange(listener: () => void): () => void;
  /** Deployments, pods, configuration and events go, and the history is made again; everything else in the storage stays. */
  startOver(seed?: number): void;
  stop(): Promise<void>;
}

const deploys: Record<DeployAction, { behaviour: ImageBehaviour; change: string; by: string }> = {
  'deploy-bad': { behaviour: 'bad', change: 'Read the issuer from the new settings', by: 'Priya Nair' },
  'deploy-crash-loop': { behaviour: 'crash-loop', change: 'Move sessions to their own module', by: 'Jonas Weber' },
  'deploy-slow': { behaviour: 'slow', change: 'Join the audit table', by: 'Priya Nair' },
  'deploy-good': { behaviour: 'ok', change: 'Update dependencies', by: 'Tom Okafor' },
};

const remade = [
  kinds.deployments,
  kinds.replicaSets,
  kinds.pods,
  kinds.services,
  kinds.horizontalPodAutoscalers,
  kinds.podDisruptionBudgets,
  kinds.configMaps,
  kinds.secrets,
  kinds.resourceQuotas,
  kinds.events,
];

function clear(storage: ClusterStorage, catalogue: Catalogue): void {
  for (const { namespace } of Object.values(catalogue.environments)) {
    for (const resource of remade) {
      for (const { metadata } of storage.peek(resource, namespace)) storage.remove(resource, namespace, metadata.name);
    }
  }
}

interface Engine {
  kubelet: Kubelet;
  stop(): void;
}

function startEngine(options: WorldOptions, images: ImageRegistry, seed: number): Engine {
  const { storage, clock, catalogue, timings = playgroundTimings, onPlane = false } = options;
  makeHistory(storage, { catalogue, images, seed, nowMs: clock.now() });
  const random = seededRandom(seed + 1);
  const controllers = onPlane ? undefined : startControllers({ storage, clock, random });
  const kubelet = startKubelet({ storage, clock, random, images, timings, schedules: !onPlane });
  return {
    kubelet,
    stop() {
      controllers?.stop();
      kubelet.stop();
    },
  };
}

function deployNext(
  world: Pick<WorldControl, 'storage' | 'clock' | 'catalogue' | 'images'>,
  order: {
    action: DeployAction;
    service: string;
    environment: string;
  },
): Deployed {
  const { storage, clock, catalogue, images } = world;
  const { action, service, environment } = order;
  const { behaviour, change, by } = deploys[action];
  const version = nextPatch(images.tagsOf(repositoryOf(service)));
  const image = imageOf(service, version);
  const namespace = catalogue.environments[environment]?.namespace ?? environment;
  images.push(image, behaviour);
  deploy(storage, clock, { namespace, workload: workloadName(catalogue, environment, service), image, change, by });
  return { service, version, by };
}

/** Makes the past, starts the present. Takes well under a second. */
export async function startWorld(options: WorldOptions): Promise<WorldControl> {
  const { storage, clock, catalogue, port = 0 } = options;
  const images = imageRegistry();
  const traffic = simulateTraffic({ storage, images, catalogue, clock, random: seededRandom(options.seed + 2) });
  const endpoints = await startServiceEndpoints({ traffic, catalogue, clock, port });
  const names = Object.entries(catalogue.environments);
  const main = (names.find(([, environment]) => environment.production) ?? names[0])?.[0] ?? 'production';
  let engine = startEngine(options, images, options.seed);
  const shown = new Set([kinds.deployments.plural, kinds.pods.plural]);
  const world = { storage, clock, catalogue, images, traffic };
  return {
    ...world,
    view: (environment = main) => serviceViews(world, environment),
    act: (action, service, environment = main) => deployNext(world, { action, service, environment }),
    alertText: (service, environment = main) => alertText(traffic, environment, service),
    baseUrl: (environment) => endpoints.baseUrl(environment),
    logs: (namespace, pod, logOptions) => engine.kubelet.logs(namespace, pod, logOptions),
    onChange: (listener) =>
      storage.subscribe(({ resource }) => {
        if (shown.has(resource.plural)) listener();
      }),
    startOver(seed = options.seed) {
      engine.stop();
      clear(storage, catalogue);
      images.clear();
      engine = startEngine(options, images, seed);
    },
    async stop() {
      engine.stop();
      await endpoints.stop();
    },
  };
}
