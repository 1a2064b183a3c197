/** Rolling updates, watched from their first write to their last: never too many, never too few, and where they end. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations, isReady } from '#playground/cluster/objects.ts';
import { eventually, usePlane } from '../harness/plane.ts';
import { Recording, type Recorded } from '../harness/recording.ts';
import { condition, isComplete, tagOf, Workload } from '../harness/workload.ts';

const plane = await usePlane('rolling');
const { api, namespace } = plane;

type Share = number | `${number}%`;
interface Shape {
  replicas: number;
  maxSurge: Share;
  maxUnavailable: Share;
}

const strategyOf = ({ maxSurge, maxUnavailable }: Shape): Deployment['spec']['strategy'] => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge, maxUnavailable },
});

const running: { stop(): void }[] = [];
afterEach(() => {
  for (const recording of running.splice(0)) recording.stop();
});

interface Film {
  deployments: Recording<Deployment>;
  sets: Recording<ReplicaSet>;
  pods: Recording<Pod>;
}

/** Of everything with the name's label, begun once all that is there has been seen. */
async function film(name: string, replicas: number): Promise<Film> {
  const query = { labelSelector: `app=${name}` };
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const made: Film = {
    deployments: new Recording<Deployment>(api, `${apps}/deployments`, query),
    sets: new Recording<ReplicaSet>(api, `${apps}/replicasets`, query),
    pods: new Recording<Pod>(api, `/api/v1/namespaces/${namespace}/pods`, query),
  };
  running.push(...Object.values(made));
  await made.deployments.until('the Deployment', (events) => events.length > 0);
  await made.sets.until('its ReplicaSet', (events) => events.length > 0);
  await made.pods.until('its pods', (events) => availablePods(events).at(-1) === replicas);
  return made;
}

/** What `count` comes to after each event, summed over the objects that are there. */
function sums<T extends { metadata: { uid: string } }>(
  events: readonly Recorded<T>[],
  count: (object: T) => number,
): number[] {
  const known = new Map<string, number>();
  return events.map(({ type, object }) => {
    known.set(object.metadata.uid, type === 'DELETED' ? 0 : count(object));
    return [...known.values()].reduce((sum, n) => sum + n, 0);
  });
}

const availablePods = (events: readonly Recorded<Pod>[]): number[] =>
  sums(events, (pod) => (isReady(pod) && pod.metadata.deletionTimestamp === undefined ? 1 : 0));

const isOf = (pod: Pod, tag: string): boolean => pod.spec.containers[0]?.image.endsWith(`:${tag}`) ?? false;

const wantedReplicas = (events: readonly Recorded<ReplicaSet>[]): number[] => sums(events, (set) => set.spec.replicas);

/** The counts from the first time that all old pods are available. */
const fromFull = (counts: number[], replicas: number): number[] => counts.slice(counts.indexOf(replicas));

const title = '$replicas replicas, surge $maxSurge, unavailable $maxUnavailable: at most $most, at least $least';

describe('a rolling update', () => {
  it.each<Shape & { most: number; least: number }>([
    { replicas: 3, maxSurge: 1, maxUnavailable: 0, most: 4, least: 3 },
    { replicas: 3, maxSurge: 0, maxUnavailable: 1, most: 3, least: 2 },
    { replicas: 4, maxSurge: '25%', maxUnavailable: '25%', most: 5, least: 3 },
    { replicas: 3, maxSurge: '100%', maxUnavailable: 0, most: 6, least: 3 },
    { replicas: 4, maxSurge: 0, maxUnavailable: '50%', most: 4, least: 2 },
    { replicas: 3, maxSurge: 0, maxUnavailable: '100%', most: 3, least: 0 },
    { replicas: 5, maxSurge: '50%', maxUnavailable: '50%', most: 8, least: 3 },
    { replicas: 10, maxSurge: 2, maxUnavailable: 3, most: 12, least: 7 },
    // Rounded up and rounded down.
    { replicas: 1, maxSurge: '25%', maxUnavailable: '25%', most: 2, least: 1 },
    { replicas: 2, maxSurge: '30%', maxUnavailable: '30%', most: 3, least: 2 },
    // Both come to nothing, so that one may be missing.
    { replicas: 2, maxSurge: 0, maxUnavailable: '25%', most: 2, least: 1 },
  ])(`of ${title}`, async ({ most, least, ...shape }) => {
    const { replicas } = shape;
    const web = new Workload(plane, `web-${replicas}-${most}-${least}`);
    await web.create({ spec: { replicas, strategy: strategyOf(shape) } });
    await web.complete(1);
    const { deployments, sets, pods } = await film(web.name, replicas);
    await web.deploy('v2');
    const { metadata } = await web.complete(2);
    await deployments.until('the end', (events) =>
      events.some(({ object }) => object.metadata.resourceVersion === metadata.resourceVersion),
    );
    await pods.until(
      'the last old pod gone',
      (events) =>
        sums(events, (pod) => Number(isOf(pod, 'v1'))).at(-1) === 0 &&
        sums(events, (pod) => Number(isOf(pod, 'v2'))).at(-1) === replicas,
    );

    expect(Math.max(...wantedReplicas(sets.events))).toBeLessThanOrEqual(most);
    expect(Math.min(...fromFull(availablePods(pods.events), replicas))).toBeGreaterThanOrEqual(least);
    const statuses = deployments.events.map(({ object }) => object.status ?? {});
    expect(Math.min(...statuses.map((s) => s.availableReplicas ?? 0))).toBeGreaterThanOrEqual(least);
    const availability = deployments.events.map(({ object }) => condition(object, 'Available')?.status);
    expect(new Set(availability)).toEqual(new Set(['True']));

    const [old, current] = await web.sets();
    expect([old!, current!].map((set) => `${tagOf(set)} ${set.spec.replicas}`)).toEqual(['v1 0', `v2 ${replicas}`]);
    expect(current?.metadata.annotations).toMatchObject({
      [annotations.desiredReplicas]: String(replicas),
      [annotations.maxReplicas]: String(most),
    });
    expect((await web.pods()).map((pod) => pod.spec.containers[0]?.image)).toEqual(
      Array.from({ length: replicas }, () => `example/${web.name}:v2`),
    );
  });

  it('ends with numbers and conditions that say so', async () => {
    const web = new Workload(plane, 'ended');
    const { metadata, status } = await web.versions(['v1', 'v2'], { spec: { replicas: 2 } });
    const [, current] = await web.sets();
    expect(status).toEqual({
      observedGeneration: metadata.generation,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: expect.any(Number),
      conditions: [
        expect.objectContaining({
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }),
        expect.objectContaining({
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "${current?.metadata.name}" has successfully progressed.`,
        }),
      ],
    });
    expect(metadata.annotations).toEqual({ [annotations.revision]: '2' });
  });

  it('goes step by step where only one may surge', async () => {
    const web = new Workload(plane, 'steps');
    const shape = { replicas: 2, maxSurge: 1, maxUnavailable: 0 };
    await web.versions(['v1', 'v2'], { spec: { replicas: 2, strategy: strategyOf(shape) } });
    const [old, current] = (await web.sets()).map(({ metadata }) => metadata.name);
    const told = await eventually('five events', async () => {
      const events = await web.events('ScalingReplicaSet');
      return events.length === 5 && events;
    });
    expect(told).toEqual([
      `Scaled up replica set ${old} from 0 to 2`,
      `Scaled up replica set ${current} from 0 to 1`,
      `Scaled down replica set ${old} from 2 to 1`,
      `Scaled up replica set ${current} from 1 to 2`,
      `Scaled down replica set ${old} from 1 to 0`,
    ]);
  });

  it.each<Shape & { old: number; current: number }>([
    { replicas: 3, maxSurge: 1, maxUnavailable: 0, old: 3, current: 1 },
    { replicas: 3, maxSurge: 0, maxUnavailable: 1, old: 2, current: 1 },
    { replicas: 4, maxSurge: '25%', maxUnavailable: '25%', old: 3, current: 2 },
    { replicas: 5, maxSurge: '50%', maxUnavailable: '50%', old: 3, current: 5 },
  ])(
    'to a version that cannot run stops with $old old and $current new of $replicas (surge $maxSurge, unavailable $maxUnavailable)',
    async ({ old, current, ...shape }) => {
      const web = new Workload(plane, `stuck-${shape.replicas}-${old}-${current}`);
      await web.create({ spec: { replicas: shape.replicas, strategy: strategyOf(shape) } });
      await web.complete(1);
      await web.deploy('v2-broken');
      const stopped = await web.until('stopped', (d) => {
        const { updatedReplicas, replicas, availableReplicas } = d.status ?? {};
        return updatedReplicas === current && replicas === old + current && availableReplicas === old;
      });
      expect(isComplete(stopped)).toBe(false);
      expect((await web.sets()).map((set) => set.spec.replicas)).toEqual([old, current]);
      expect(condition(stopped, 'Progressing')?.reason).toMatch(/^(ReplicaSetUpdated|NewReplicaSetCreated)$/);
      expect(stopped.status?.unavailableReplicas).toBe(current);
      await web.deploy('v1');
      const back = await web.complete(3);
      expect(back.status).not.toHaveProperty('unavailableReplicas');
      expect((await web.sets()).map((set) => `${tagOf(set)} ${set.spec.replicas}`)).toEqual([
        'v2-broken 0',
        `v1 ${shape.replicas}`,
      ]);
    },
  );
});
