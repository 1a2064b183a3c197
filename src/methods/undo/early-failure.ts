/**
 * Why pods of the target version do not run, told within a minute instead of at the progress deadline (kubernetes.md §8). Pure. A service
 * has failed early only when every pod that the target version has so far is stuck; one that runs means that the rest may follow.
 */
import type { WorkloadRow, PodRow } from '#clients/kubernetes/rows.ts';
import { redact } from '#rollback/redaction.ts';
import { versionText } from './versions.ts';

/** Some reasons pass by themselves: they count once they have stood this long after the patch. */
const PATIENCE_MS = 30_000;
/** No pod of the target version can be created: the controller says so at its first try. */
const CREATE_PATIENCE_MS = 15_000;
/** One crash may be a dependency that was not there yet. */
const CRASHES = 2;
const IMAGE = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ErrInvalidImageName',
]);
const IMAGE_GONE = /not found|manifest unknown|does not exist|unauthorized|denied|forbidden|invalid reference/i;
const CONFIG = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);
/** The kubelet's own cache, not the pod's fault. */
const CACHE_SYNC = /timed out waiting for|failed to sync (?:configmap|secret) cache/i;
const MAX_CLAUSE = 160;

interface Trouble {
  /** "image v1.7.0 not found". */
  text: string;
  /** Waiting longer will not help. */
  isStuck: boolean;
}

/** Messages of kubelet, scheduler and admission go to Slack: a value that they quote must not. */
const toldOf = (text: string): string => redact(text).slice(0, MAX_CLAUSE);

/** The last part of a pod's name tells it apart; the rest is known: "pod …-7c9kx". */
function shortName(pod: string): string {
  return `pod …-${pod.split('-').at(-1) ?? pod}`;
}

function containerTrouble(container: PodRow['containers'][number], sinceMs: number): Trouble | undefined {
  const { waiting, image, restartCount, terminated } = container;
  const isOld = sinceMs >= PATIENCE_MS;
  const message = waiting?.message ?? '';
  if (waiting !== undefined && IMAGE.has(waiting.reason)) {
    const isGone = IMAGE_GONE.test(message) || /Invalid/.test(waiting.reason);
    const why = /not found|unknown|does not exist/i.test(message) ? 'not found' : 'cannot be pulled';
    return { text: `image ${versionText(image)} ${why}`, isStuck: isGone || isOld };
  }
  if (waiting?.reason === 'CrashLoopBackOff') {
    const code = terminated === undefined ? '' : `, exit code ${terminated.exitCode}`;
    return {
      text: `crashes (${restartCount} ${restartCount === 1 ? 'restart' : 'restarts'}${code})`,
      isStuck: restartCount >= CRASHES || isOld,
    };
  }
  if (waiting !== undefined && CONFIG.has(waiting.reason)) {
    const isCache = CACHE_SYNC.test(message);
    return { text: message === '' ? waiting.reason : message, isStuck: !isCache || isOld };
  }
  return undefined;
}

/** undefined: nothing that waiting would not mend. `sinceMs`: since the patch. */
export function troubleOf(pod: PodRow, sinceMs: number): Trouble | undefined {
  for (const container of pod.containers) {
    const trouble = containerTrouble(container, sinceMs);
    if (trouble !== undefined) return { ...trouble, text: toldOf(trouble.text) };
  }
  // A node may still come.
  if (pod.reason === 'Unschedulable') {
    return { text: `not scheduled: ${toldOf(pod.message ?? '')}`, isStuck: false };
  }
  return undefined;
}

export interface Look {
  /** Every pod of the target version is stuck. */
  hasFailed: boolean;
  /** "pod …-7c9kx: image v1.7.0 not found"; of several the first, with how many more. */
  clause?: string;
}

/** `pods`: those of the target ReplicaSet. `sinceMs`: since the patch. */
export function lookAtPods(deployment: WorkloadRow, pods: readonly PodRow[], sinceMs: number): Look {
  const alive = pods.filter((pod) => !pod.deleting);
  if (alive.length === 0) return creationFailure(deployment, sinceMs);
  const troubles = alive
    .filter((pod) => !pod.ready)
    .flatMap((pod) => {
      const trouble = troubleOf(pod, sinceMs);
      return trouble === undefined ? [] : [{ ...trouble, pod: shortName(pod.name) }];
    })
    .toSorted((a, b) => Number(b.isStuck) - Number(a.isStuck) || a.pod.localeCompare(b.pod));
  const [first, ...more] = troubles;
  if (first === undefined) return { hasFailed: false };
  const others = more.length === 0 ? '' : `, and ${more.length} more like it`;
  const isAlike = more.every(({ text }) => text === first.text);
  return {
    hasFailed: alive.length === troubles.filter(({ isStuck }) => isStuck).length,
    clause: `${first.pod}: ${first.text}${isAlike ? others : `; ${more.length} more pods are not ready`}`,
  };
}

/** Quota, admission and the like: the ReplicaSet gets no pod at all. The old version's complaint may stand for a moment. */
function creationFailure({ conditions, replicas }: WorkloadRow, sinceMs: number): Look {
  const failure = conditions.find((c) => c.type === 'ReplicaFailure' && c.status === 'True');
  if (failure === undefined || replicas === 0) return { hasFailed: false };
  const why = toldOf((failure.message ?? failure.reason ?? '').replace(/^pods "[^"]*" is forbidden: /, ''));
  return { hasFailed: sinceMs >= CREATE_PATIENCE_MS, clause: `no pod could be created: ${why}` };
}
