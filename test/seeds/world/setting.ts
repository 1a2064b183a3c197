/**
 * Where a seed begins: a small company's cluster with weeks of history, made once per process and copied into each seed's own storage.
 */
import { Catalogue } from '#catalogue/catalogue.ts';
import { readCatalogue } from '#catalogue/read.ts';
import { imageRegistry } from '#playground/cluster/kubelet/images.ts';
import type { KubernetesManifest } from '#playground/cluster/server.ts';
import type { Resource, StoredObject } from '#playground/cluster/storage-contract.ts';
import { type ClusterStorage, createStorage } from '#playground/cluster/storage.ts';
import { companyStory, imageOf } from '#playground/scenarios/company.ts';
import { makeHistory } from '#playground/scenarios/history.ts';
import { rememberedJournals } from '#playground/scenarios/remembered.ts';
import { seededRandom } from '#playground/scenarios/seeded-random.ts';
import { STARTS_AT } from '../time/timeline.ts';

export const HOME = 'rollback-bot';

export interface SettingOptions {
  services: readonly string[];
  /** The production environment, or staging, where drills are allowed. */
  environment: 'production' | 'staging';
}

export interface Setting {
  catalogue: Catalogue;
  environment: string;
  namespace: string;
  services: readonly string[];
  images: readonly string[];
  objects: readonly { resource: Resource; object: StoredObject }[];
}

const MONITORING_MINUTES = 1;

function catalogueOf({ services, environment }: SettingOptions): Catalogue {
  const whole = readCatalogue('k8s/catalogue.yaml');
  const { checklist } = whole;
  return Catalogue.parse({
    ...whole,
    environments: { [environment]: { ...whole.environments[environment], baseUrl: `http://${environment}.test` } },
    services: Object.fromEntries(services.map((name) => [name, whole.services[name]])),
    checklist: checklist.slice(0, 3),
    timings: { etaMinutes: 2, monitoringMinutes: MONITORING_MINUTES, captureSeconds: 3 },
  });
}

function everything(storage: ClusterStorage): Setting['objects'] {
  return storage.resources().flatMap((resource) => storage.peek(resource).map((object) => ({ resource, object })));
}

/** Takes some tens of milliseconds. */
export function makeSetting(options: SettingOptions): Setting {
  const catalogue = catalogueOf(options);
  const { services, environment } = options;
  const namespace = catalogue.environments[environment]!.namespace;
  const clock = { now: () => STARTS_AT };
  const storage = createStorage(clock, seededRandom(7));
  makeHistory(storage, { catalogue, images: imageRegistry(), seed: 7, nowMs: STARTS_AT });
  storage.create({ group: '', version: 'v1', plural: 'namespaces' }, namespaceOf(HOME));
  for (const journal of rememberedJournals(storage, { catalogue, namespace: HOME, nowMs: STARTS_AT }))
    storage.create({ group: '', version: 'v1', plural: 'configmaps' }, journal);
  const images = companyStory
    .filter(({ name }) => services.includes(name))
    .flatMap(({ name, releases }) => releases.map(({ version }) => imageOf(name, version)));
  return { catalogue, environment, namespace, services, images, objects: everything(storage) };
}

function namespaceOf(name: string): KubernetesManifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
