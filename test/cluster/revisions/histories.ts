/** What may happen to a StatefulSet or DaemonSet before somebody rolls it back: random, small, and the same in both namespaces. */
import * as fc from 'fast-check';
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import { eventually } from '../plane.ts';
import { daemonSet, statefulSet } from './manifests.ts';
import type { Place } from './place.ts';

/** A kind, and for StatefulSets the order in which pods are started. */
export type Flavour = 'OrderedReady' | 'Parallel' | 'DaemonSet';

const REST_TIMEOUT_MS = 60_000;
const BROKEN = /-(broken|crash)$/;

export const kindOf = (flavour: Flavour): 'StatefulSet' | 'DaemonSet' =>
  flavour === 'DaemonSet' ? 'DaemonSet' : 'StatefulSet';

const sound = fc.constantFrom('v1', 'v2', 'v3', 'v4');
const any = fc.oneof(
  { weight: 3, arbitrary: sound },
  { weight: 2, arbitrary: fc.constantFrom('v5-broken', 'v6-crash') },
);
const pick = fc.nat({ max: 9 });

const image = (tag: fc.Arbitrary<string>) => ({ weight: 6, arbitrary: fc.record({ do: fc.constant('image'), tag }) });
const usual = [
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart'), second: fc.nat({ max: 59 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo'), pick: fc.option(pick) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('annotate'), value: fc.constantFrom('one', 'two') }) },
];
const partition = fc.record({ do: fc.constant('partition'), from: fc.constantFrom(0, 0, 1, 2) });
const scale = fc.record({ do: fc.constant('scale'), replicas: fc.integer({ min: 1, max: 3 }) });

/** Only sound versions, so that it is certain when the cluster has cleaned the history up. */
const aLimited = fc.record({
  tag: sound,
  replicas: fc.integer({ min: 1, max: 2 }),
  limit: fc.constantFrom(0, 1, 2),
  events: fc.array(fc.oneof(image(sound), ...usual), { minLength: 2, maxLength: 4 }),
  targets: fc.array(pick, { minLength: 1, maxLength: 2 }),
});
const aFree = fc.record({
  tag: sound,
  replicas: fc.integer({ min: 1, max: 3 }),
  limit: fc.constant(undefined),
  events: fc.array(
    fc.oneof(image(any), ...usual, { weight: 1, arbitrary: partition }, { weight: 1, arbitrary: scale }),
    { minLength: 2, maxLength: 5 },
  ),
  targets: fc.array(pick, { minLength: 1, maxLength: 2 }),
});

export const aHistory = fc.oneof({ weight: 1, arbitrary: aLimited }, { weight: 3, arbitrary: aFree });
export type History = typeof aHistory extends fc.Arbitrary<infer One> ? One : never;
type Event = History['events'][number];

const SOUND_WORDS = ['g1', 'g2', 's3', 's4', 'undo', 'rollback'] as const;
const anyNight = (words: readonly string[], minLength: number, limit?: number) =>
  fc.record({ limit: fc.constant(limit), words: fc.array(fc.constantFrom(...words), { minLength, maxLength: 6 }) });
/** Words of a night without a named version, see ../against-kubectl/nights.ts. */
export const aNight = fc.oneof(
  { weight: 8, arbitrary: anyNight([...SOUND_WORDS, 'b5', 'c6', 'undo'], 3) },
  { weight: 1, arbitrary: anyNight(SOUND_WORDS, 0) },
  // Only sound versions, so that it is certain that the cluster keeps none of them.
  { weight: 1, arbitrary: anyNight(SOUND_WORDS, 1, 0) },
);
export type ANight = typeof aNight extends fc.Arbitrary<infer It> ? It : never;

const imageOf = ({ workload }: WorkloadHistory): string => workload.images['main'] ?? '';
const ordinal = (pod: string): number => Number(/-(\d+)$/.exec(pod)?.[1] ?? 0);

/** Whether any version that cannot run was among its versions. */
const wasBroken = ({ versions }: WorkloadHistory): boolean =>
  versions.some(({ images }) => BROKEN.test(images['main'] ?? ''));

/** How many of its pods are for the version that it asks for. */
export function reach({ workload: { kind, replicas, replacement } }: WorkloadHistory): number {
  return kind === 'DaemonSet' ? replicas : Math.max(0, replicas - (replacement?.partition ?? 0));
}

/** What is still to come; undefined: nothing, until somebody changes something. */
function unrest(seen: WorkloadHistory): string | undefined {
  const { workload, versions, pods } = seen;
  const { generation, observedGeneration, revision, replicas, revisionHistoryLimit, replacement } = workload;
  if (observedGeneration < generation) return 'not observed';
  const newest = versions.toSorted((a, b) => b.revision - a.revision)[0];
  if (newest === undefined || revision !== newest.revision) return 'not numbered';
  // Pods of a version that cannot run stand where chance left them; how the versions are numbered does not depend on it.
  const isStuck = pods.some((pod) => !pod.ready && pod.containers.some(({ waiting }) => waiting));
  if (BROKEN.test(imageOf(seen))) return isStuck || reach(seen) === 0 ? undefined : 'not stuck yet';
  if (wasBroken(seen)) return undefined;
  if (replicas === 0 || pods.length !== replicas) return `${pods.length} of ${replicas} pods`;
  if (pods.some((pod) => pod.deleting || !pod.ready)) return 'pods not ready';
  const partitioned = workload.kind === 'DaemonSet' ? 0 : (replacement?.partition ?? 0);
  const isEverywhere = pods.every((pod) => ordinal(pod.name) < partitioned || pod.ownerUid === newest.uid);
  if (workload.kind === 'StatefulSet' ? !isEverywhere : pods.some((pod) => pod.ownerUid !== newest.uid))
    return 'not everywhere';
  const old = versions.filter((row) => row.replicas === 0 && row.uid !== newest.uid);
  return old.length > revisionHistoryLimit ? 'history not cleaned up' : undefined;
}

/** Waits until the controllers have nothing left to do for it. */
export async function rest(place: Place, flavour: Flavour, name: string): Promise<WorkloadHistory> {
  const kind = kindOf(flavour);
  const { metadata } = await place.read(kind, name);
  let why: string | undefined = 'not seen';
  const look = (): WorkloadHistory | undefined => {
    const seen = place.history(kind, name);
    if (seen === undefined || seen.workload.generation < (metadata.generation ?? 0)) return undefined;
    why = unrest(seen);
    return why === undefined ? seen : undefined;
  };
  return eventually(`${name} is at rest`, look, REST_TIMEOUT_MS).catch((error: unknown) => {
    throw new Error(`${String(error)} (${why})`, { cause: error });
  });
}

export async function begin(place: Place, flavour: Flavour, name: string, history: History): Promise<void> {
  const { tag, replicas, limit } = history;
  const sketch = { image: `${name}:${tag}`, ...(limit === undefined ? {} : { revisionHistoryLimit: limit }) };
  const object =
    flavour === 'DaemonSet'
      ? daemonSet(name, sketch)
      : statefulSet(name, { ...sketch, replicas, podManagementPolicy: flavour });
  await place.create(kindOf(flavour), object);
  await rest(place, flavour, name);
}

/** The numbers of its versions, ascending. */
export async function numbersOf(place: Place, flavour: Flavour, name: string): Promise<number[]> {
  const { revisions } = await place.picture(kindOf(flavour), name);
  return revisions.map(({ revision }) => revision);
}

export const undo = (place: Place, flavour: Flavour, name: string, to?: number): Promise<string> => {
  const asked = to === undefined ? '' : ` --to-revision=${to}`;
  return place.kubectl(`rollout undo ${kindOf(flavour).toLowerCase()}/${name}${asked}`).then(({ text }) => text);
};

/** One thing happens; when it returns the cluster is at rest. Answers what kubectl said, where it was kubectl that did it. */
export async function happen(place: Place, flavour: Flavour, name: string, event: Event): Promise<string> {
  const said = await change(place, flavour, name, event);
  await rest(place, flavour, name);
  return said;
}

async function change(place: Place, flavour: Flavour, name: string, event: Event): Promise<string> {
  const kind = kindOf(flavour);
  const merge = (patch: object): Promise<string> => place.merge(kind, name, patch).then(() => '');
  switch (event.do) {
    case 'image':
      return place.setImage(kind, name, `${name}:${event.tag}`).then(() => '');
    case 'restart': {
      const restartedAt = `2026-11-23T03:00:${String(event.second).padStart(2, '0')}Z`;
      const annotations = { 'kubectl.kubernetes.io/restartedAt': restartedAt };
      return merge({ spec: { template: { metadata: { annotations } } } });
    }
    case 'annotate':
      return merge({ metadata: { annotations: { 'kubernetes.io/change-cause': event.value } } });
    case 'scale':
      return kind === 'StatefulSet' ? merge({ spec: { replicas: event.replicas } }) : '';
    case 'partition':
      return kind === 'StatefulSet'
        ? merge({ spec: { updateStrategy: { rollingUpdate: { partition: event.from } } } })
        : '';
    case 'undo': {
      const numbers = await numbersOf(place, flavour, name);
      return undo(place, flavour, name, event.pick === null ? undefined : numbers[event.pick % numbers.length]);
    }
  }
}
