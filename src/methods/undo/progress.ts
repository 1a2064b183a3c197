/**
 * How far an undo has come, from the Deployment's own status, the target ReplicaSet and its pods. Pure. The rows may be behind: what is older
 * than the patch says nothing about it. Never says "done" while any row disagrees.
 */
import type { WorkloadRow, PodRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Progress } from '../method.ts';
import { lookAtPods } from './early-failure.ts';
import type { Receipt, Step } from './step.ts';
import { superseded } from './superseded.ts';
import { currentReplicaSet, ownedReplicaSets } from './versions.ts';

export interface Rows {
  /** undefined: there is none of that name. */
  deployment: WorkloadRow | undefined;
  replicaSets: readonly RevisionRow[];
  pods: readonly PodRow[];
}

const DEADLINE = 'ProgressDeadlineExceeded';

/** `lastUpdateTime` of a ProgressDeadlineExceeded that stands now. */
export function deadlineStamp({ conditions }: Pick<WorkloadRow, 'conditions'>): string | undefined {
  return conditions.find((c) => c.type === 'Progressing' && c.reason === DEADLINE)?.lastUpdateTime;
}

/**
 * The controller leaves the old rollout's deadline standing until the new one shows progress (kubernetes.md §6). It is ours only when its
 * stamp is another than the one in our patch's answer, or when the deadline has passed on our own clock since the patch.
 */
function isPastDeadline(deployment: WorkloadRow, receipt: Receipt, sinceMs: number): boolean {
  const stamp = deadlineStamp(deployment);
  if (stamp === undefined || deployment.observedGeneration < receipt.generation) return false;
  return stamp !== receipt.deadlineStamp || sinceMs >= deployment.progressDeadlineSeconds * 1_000;
}

/** Deployment, status and ReplicaSet agree that every wanted pod is of the target version and available. */
function isDone(deployment: WorkloadRow, replicaSet: RevisionRow): boolean {
  const { status, replicas } = deployment;
  return (
    deployment.observedGeneration >= deployment.generation &&
    status.updatedReplicas === replicas &&
    status.replicas === replicas &&
    status.availableReplicas === replicas &&
    replicaSet.replicas === replicas &&
    replicaSet.availableReplicas === replicas
  );
}

/** `sinceMs`: since the patch, on our own monotonic clock. */
export function progressOf(rows: Rows, step: Step, receipt: Receipt, sinceMs: number): Progress {
  const { deployment, replicaSets, pods } = rows;
  const isBehind = deployment?.uid === step.workload.uid && deployment.generation < receipt.generation;
  const because = isBehind ? undefined : superseded(deployment, step, receipt);
  if (deployment === undefined || because !== undefined) {
    return { state: 'superseded', ready: 0, desired: deployment?.replicas ?? 0, detail: because ?? '' };
  }
  const desired = deployment.replicas;
  // Not always the one that was planned for: of two with the same template the controller takes the older.
  const replicaSet = currentReplicaSet(receipt, ownedReplicaSets(deployment, replicaSets));
  if (replicaSet === undefined || isBehind) return { state: 'progressing', ready: 0, desired };
  const ready = Math.min(replicaSet.readyReplicas, desired);
  const isNumbered = replicaSet.revision > 0 && replicaSet.revision === deployment.revision;
  const seen = { ready, desired, ...(isNumbered ? { revision: replicaSet.revision } : {}) };
  if (isNumbered && isDone(deployment, replicaSet)) return { state: 'done', ...seen };
  const look = lookAtPods(
    deployment,
    pods.filter((pod) => pod.ownerUid === replicaSet.uid),
    sinceMs,
  );
  const rewritten =
    receipt.templateHash === step.to.templateHash ? undefined : 'an admission webhook changed the template';
  const detail = deployment.paused ? 'its rollout was paused by somebody' : (look.clause ?? rewritten);
  const told = detail === undefined ? {} : { detail };
  if (look.hasFailed) return { state: 'failed', ...seen, ...told };
  if (isPastDeadline(deployment, receipt, sinceMs)) {
    return { state: 'failed', ...seen, detail: detail ?? 'no progress within its deadline', mayStillCome: true };
  }
  return { state: 'progressing', ...seen, ...told };
}
