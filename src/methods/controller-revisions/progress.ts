/**
 * How far a StatefulSet or DaemonSet has come, from its status, its ControllerRevisions and its pods (kubernetes.md §5). Pure. These kinds
 * have no deadline of their own. Never says "done" while anything disagrees.
 */
import type { WorkloadRow, PodRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import type { Progress } from '../method.ts';
import { lookAtPods } from '../undo/early-failure.ts';
import { superseded } from '../undo/superseded.ts';
import { stuckPod } from './stuck-pod.ts';
import type { PatchReceipt, PatchStep } from './step.ts';

/** Pods that are to get the version: all, or those above the partition. */
function wantedPods({ replicas, replacement }: WorkloadRow): number {
  return Math.max(0, replicas - (replacement?.partition ?? 0));
}

/** Status, ControllerRevisions and pods agree. */
function isDone({ workload, pods, versions }: WorkloadHistory, target: RevisionRow): boolean {
  const { status, replicas, replacement } = workload;
  const wanted = wantedPods(workload);
  const towards = versions.find(({ name }) => name === replacement?.updateRevision) ?? target;
  const others = new Set(versions.flatMap(({ uid }) => (uid === target.uid ? [] : [uid])));
  const left = pods.filter((pod) => others.has(pod.ownerUid ?? '')).length;
  return (
    workload.observedGeneration >= workload.generation &&
    towards.uid === target.uid &&
    status.replicas === replicas &&
    status.availableReplicas >= replicas &&
    status.updatedReplicas >= wanted &&
    target.readyReplicas >= wanted &&
    left <= replicas - wanted
  );
}

/** In order, one pod that cannot run keeps all others waiting; otherwise the rest may follow while one runs. */
function podsThatDecide({ replacement }: WorkloadRow, pods: readonly PodRow[]): PodRow[] {
  return replacement?.isOrdered ? pods.filter((pod) => !pod.ready) : [...pods];
}

function reasonOfDelay(
  history: WorkloadHistory,
  step: PatchStep,
  receipt: PatchReceipt,
  sinceMs: number,
): string | undefined {
  const { replacement } = history.workload;
  if (replacement?.isOnDelete) return 'its pods are replaced only when somebody deletes them (updateStrategy OnDelete)';
  const stuck = stuckPod(history, step, receipt, sinceMs);
  if (stuck !== undefined) return `${stuck.pod.name} is stuck on ${stuck.version}`;
  return receipt.templateHash === step.to.templateHash ? undefined : 'an admission webhook changed the template';
}

/** `history` undefined: there is none of that name. `sinceMs`: since the patch, on our own monotonic clock. */
export function progressOf(
  history: WorkloadHistory | undefined,
  step: PatchStep,
  receipt: PatchReceipt,
  sinceMs: number,
): Progress {
  const workload = history?.workload;
  const isBehind = workload?.uid === step.workload.uid && workload.generation < receipt.generation;
  const because = isBehind ? undefined : superseded(workload, step, receipt);
  if (history === undefined || workload === undefined || because !== undefined) {
    return { state: 'superseded', ready: 0, desired: workload?.replicas ?? 0, detail: because ?? '' };
  }
  const desired = wantedPods(workload);
  const target = history.versions.find((version) => version.templateHash === receipt.templateHash);
  if (target === undefined || isBehind) return { state: 'progressing', ready: 0, desired };
  const isNumbered = history.versions.every((version) => version.revision <= target.revision);
  const ready = Math.min(target.readyReplicas, desired);
  const seen = { ready, desired, ...(isNumbered ? { revision: target.revision } : {}) };
  if (isNumbered && isDone(history, target)) return { state: 'done', ...seen, ...partly(workload, step) };
  const own = history.pods.filter((pod) => pod.ownerUid === target.uid);
  const look = lookAtPods(workload, podsThatDecide(workload, own), sinceMs);
  const detail = look.clause ?? reasonOfDelay(history, step, receipt, sinceMs);
  return { state: look.hasFailed ? 'failed' : 'progressing', ...seen, ...(detail === undefined ? {} : { detail }) };
}

function partly({ replacement, replicas }: WorkloadRow, { to }: PatchStep): { detail?: string } {
  const kept = Math.min(replacement?.partition ?? 0, replicas);
  if (kept === 0) return {};
  return {
    detail: `${kept} of ${replicas} pods keep their version, only the rest is for ${to.version}: partition ${kept}`,
  };
}
