/**
 * Deletes one pod that holds up a patched StatefulSet. Guarded twice: the pod is read first, uncached, and must be the very one, of the version
 * that was rolled back from, and not ready; the deletion then holds only for exactly what was read. Repeating it changes nothing.
 */
import { ApiError, type Workloads } from '#clients/kubernetes/api.ts';
import { POD_REVISION_LABEL } from '#clients/kubernetes/rows/controller-revision-row.ts';
import { podRow, type RawPod } from '#clients/kubernetes/rows/pod-row.ts';
import { type Refusal, TerminalError } from '#rollback/failure.ts';
import { readWorkload } from './find.ts';
import type { DeletePodStep } from './step.ts';

type Deleted = { deletedPod: string };

/** A pod's status moves often; each try looks anew. */
const TRIES = 5;

function pathOf({ namespace }: Workloads, { pod }: DeletePodStep): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod.name}`;
}

/** undefined: it is gone, or on its way. */
async function readPod(workloads: Workloads, step: DeletePodStep, signal: AbortSignal): Promise<RawPod | undefined> {
  try {
    const raw = await workloads.api.get<RawPod>(pathOf(workloads, step), { signal });
    const isGone = raw.metadata.uid !== step.pod.uid || raw.metadata.deletionTimestamp !== undefined;
    return isGone ? undefined : raw;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Reads the server. A pod that is gone needs no deleting, whoever did it. Rejects on an outage. */
export async function findDeletion(
  workloads: Workloads,
  step: DeletePodStep,
  signal: AbortSignal,
): Promise<Deleted | 'absent'> {
  return (await readPod(workloads, step, signal)) === undefined ? { deletedPod: step.pod.name } : 'absent';
}

const notNeeded = ({ pod, service }: DeletePodStep, why: string): Refusal => ({
  reason: 'NotNeeded',
  message: `${pod.name} of ${service} ${why}. It was not deleted.`,
});

/** See `Method.apply`. */
export async function deletePod(
  workloads: Workloads,
  step: DeletePodStep,
  signal: AbortSignal,
): Promise<Deleted | Refusal> {
  for (let tries = 1; ; tries++) {
    const [now, raw] = await Promise.all([readWorkload(workloads, step, signal), readPod(workloads, step, signal)]);
    if (raw === undefined) return { deletedPod: step.pod.name };
    const isOurs = now?.row.uid === step.workload.uid && now.row.templateHash === step.patchedHash;
    if (!isOurs) return notNeeded(step, 'does not stand in the way any more: somebody changed the StatefulSet');
    const pod = podRow(raw);
    const isOfIt = pod.ownerUid === step.workload.uid && pod.labels[POD_REVISION_LABEL] === step.pod.revisionHash;
    if (!isOfIt) return notNeeded(step, `does not run ${step.from.version}`);
    if (pod.ready) return notNeeded(step, 'has become ready');
    try {
      const { uid, resourceVersion } = raw.metadata;
      await workloads.api.delete(pathOf(workloads, step), { signal, uid, resourceVersion });
      return { deletedPod: step.pod.name };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 403)
        throw new TerminalError('Forbidden', 'The bot may not delete pods here.', { cause: error });
      const hasMoved = error.status === 409 || error.status === 404;
      if (!hasMoved || tries === TRIES) throw error;
    }
  }
}
