/** A small cluster in virtual time: storage, controllers and nodes, and what a person does to one Deployment called web. */
import { seededRandom } from '#playground/scenarios/seeded-random.ts';
import { virtualClock } from '#playground/scenarios/virtual-clock.ts';
import { startControllers } from '#playground/cluster/controllers/controllers.ts';
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import { imageRegistry } from '#playground/cluster/kubelet/images.ts';
import { startKubelet } from '#playground/cluster/kubelet/kubelet.ts';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations, deployments, events, namespaces, pods, replicaSets } from '#playground/cluster/objects.ts';
import type { StorageEvent } from '#playground/cluster/storage-contract.ts';
import { createStorage } from '#playground/cluster/storage.ts';

export const namespace = 'lomash-wood';

export function webDeployment(spec: Partial<Deployment['spec']> = {}, image = 'web:1') {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, labels: { app: 'web' } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{ name: 'web', image, imagePullPolicy: 'IfNotPresent', readinessProbe: {} }],
          terminationGracePeriodSeconds: 30,
        },
      },
      ...spec,
    },
  };
}

export type Rehearsal = ReturnType<typeof rehearse>;

/** Begins on 2026-03-02 at 03:00 UTC, with a namespace and nothing in it. */
export function rehearse({ seed = 1 } = {}) {
  const clock = virtualClock(Date.parse('2026-03-02T03:00:00Z'));
  const random = seededRandom(seed);
  const storage = createStorage(clock, random);
  const images = imageRegistry();
  const controllers = startControllers({ storage, clock, random });
  const kubelet = startKubelet({ storage, clock, random, images, timings: fastTimings });
  storage.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  clock.advance(10);

  const web = (): Deployment => storage.get(deployments, namespace, 'web') as Deployment;
  const sets = (): ReplicaSet[] => storage.list(replicaSets, namespace) as ReplicaSet[];
  const imageOf = (set: ReplicaSet): string => set.spec.template.spec.containers[0]?.image ?? '';
  const change = (edit: (deployment: Deployment) => void): void => {
    storage.change(deployments, namespace, 'web', (object) => {
      edit(object as Deployment);
      return object;
    });
  };
  return {
    clock,
    storage,
    images,
    kubelet,
    web,
    sets,
    change,
    create: (spec?: Partial<Deployment['spec']>) => storage.create(deployments, webDeployment(spec)) as Deployment,
    setOf: (image: string) => sets().find((set) => imageOf(set) === image),
    pods: () => storage.list(pods, namespace) as Pod[],
    podsOf: (image: string) =>
      (storage.list(pods, namespace) as Pod[]).filter((pod) => pod.spec.containers[0]?.image === image),
    setImage: (image: string) =>
      change((deployment) => {
        for (const container of deployment.spec.template.spec.containers) container.image = image;
      }),
    condition: (type: string) => web().status?.conditions?.find((c) => c.type === type),
    revision: () => web().metadata.annotations?.[annotations.revision],
    events: (reason: string) =>
      storage
        .list(events, namespace)
        .filter((event) => event['reason'] === reason)
        .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
        .map((event) => String(event['message'])),
    /** All changes from now on. */
    record: () => {
      const seen: StorageEvent[] = [];
      storage.subscribe((event) => seen.push(event));
      return seen;
    },
    stop: () => {
      controllers.stop();
      kubelet.stop();
    },
  };
}
