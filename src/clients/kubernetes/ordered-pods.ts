/**
 * What the controller of a StatefulSet waits for when it starts its pods in order (podManagementPolicy OrderedReady): the first that is not
 * ready. While it waits it replaces none, not even that one (kubernetes issue 67250; still so in 1.37 (tried)). Pure.
 */
import type { WorkloadRow, PodRow } from './rows.ts';

/** The controller itself makes such a pod anew. */
const REMADE: ReadonlySet<string> = new Set(['Failed', 'Succeeded']);

/** "auth-db-1" → 1; NaN for a name without a number. */
function ordinalOf({ name }: PodRow): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
}

/**
 * The pod that keeps all others from being replaced; undefined: none, or one that the controller gets out of its way by itself, or one below
 * the partition, which keeps its version. `pods`: those of this StatefulSet, whatever their version.
 */
export function blockingPod({ replacement }: WorkloadRow, pods: readonly PodRow[]): PodRow | undefined {
  if (replacement === undefined || !replacement.isOrdered || replacement.isOnDelete) return undefined;
  const inOrder = pods.filter((pod) => !Number.isNaN(ordinalOf(pod))).toSorted((a, b) => ordinalOf(a) - ordinalOf(b));
  const first = inOrder.find((pod) => !pod.ready || pod.deleting);
  if (first === undefined || first.deleting || REMADE.has(first.phase)) return undefined;
  return inOrder.indexOf(first) < replacement.partition ? undefined : first;
}
