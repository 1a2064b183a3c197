/**
 * The OrderedReady trap: a StatefulSet that starts its pods in order waits for the first one that is not ready, even when that is of the
 * version being left and will never be ready (ordered-pods.ts). Taking the template back does not get it out; deleting that pod does, for
 * its successor starts with the new template. Pure.
 */
import { blockingPod } from '#clients/kubernetes/ordered-pods.ts';
import type { PodRow } from '#clients/kubernetes/rows.ts';
import { POD_REVISION_LABEL } from '#clients/kubernetes/rows/controller-revision-row.ts';
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import type { FurtherStep } from '../method.ts';
import { troubleOf } from '../undo/early-failure.ts';
import { mainImage, versionText } from '../undo/versions.ts';
import type { DeletePodStep, PatchReceipt, PatchStep } from './step.ts';

/** A pod that is only slow becomes ready, and is then replaced by the controller itself. */
const PATIENCE_MS = 30_000;
/** Pods of this very StatefulSet, whatever their version. */
function ownPods({ workload, versions, pods }: WorkloadHistory): PodRow[] {
  const owners = new Set([workload.uid, ...versions.map(({ uid }) => uid)]);
  return pods.filter((pod) => owners.has(pod.ownerUid ?? ''));
}

/**
 * The pod that holds up a patched StatefulSet, though it is to be replaced; undefined: nothing does, or it may still become ready. `isLeft`:
 * it is of the version that was rolled back from.
 */
export function stuckPod(
  history: WorkloadHistory,
  step: PatchStep,
  receipt: PatchReceipt,
  sinceMs: number,
): { pod: PodRow; isLeft: boolean; version: string } | undefined {
  const { workload, versions } = history;
  const isSeen = workload.generation >= receipt.generation && workload.observedGeneration >= workload.generation;
  if (workload.uid !== step.workload.uid || workload.templateHash !== receipt.templateHash || !isSeen) return undefined;
  const pod = blockingPod(workload, ownPods(history));
  const runs = versions.find(({ uid }) => uid === pod?.ownerUid);
  if (pod === undefined || runs?.templateHash === receipt.templateHash) return undefined;
  const willNotMend = troubleOf(pod, sinceMs)?.isStuck === true || sinceMs >= PATIENCE_MS;
  if (!willNotMend) return undefined;
  const isLeft = runs?.templateHash === step.from.templateHash;
  const image = runs && mainImage(runs.images, workload.name);
  return { pod, isLeft, version: isLeft ? step.from.version : image ? versionText(image) : 'an unknown version' };
}

/** What has to be done about it: by the bot only where the pod is of the version that was rolled back from. */
export function freeing(
  history: WorkloadHistory,
  step: PatchStep,
  receipt: PatchReceipt,
  sinceMs: number,
): FurtherStep<DeletePodStep>[] {
  const stuck = stuckPod(history, step, receipt, sinceMs);
  if (stuck === undefined) return [];
  const { pod, isLeft, version } = stuck;
  const byHand = `${pod.name} is stuck on ${version}, and ${history.workload.name} replaces no pod before it is ready. Delete it: kubectl delete pod ${pod.name} -n ${pod.namespace}`;
  const revisionHash = pod.labels[POD_REVISION_LABEL] ?? '';
  const bot = {
    step: {
      ...step,
      do: 'delete-pod' as const,
      pod: { name: pod.name, uid: pod.uid, revisionHash },
      patchedHash: receipt.templateHash,
    },
    effect: 'pod.delete',
    told: `${pod.name} was stuck on ${version}: deleted, so that it comes back as ${step.to.version}.`,
  };
  return [{ id: `${pod.name}-${pod.uid.slice(0, 8)}`, byHand, ...(isLeft ? { bot } : {}) }];
}
