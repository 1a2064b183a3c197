/**
 * Was the patch made? Asked of the server, never of the cache, when its answer was lost. The mark that rode in the patch proves it, on the
 * Deployment or, after somebody undid the rollback by hand, on the ReplicaSet that the controller copied it to.
 */
import { ApiError, type Workloads } from '#clients/kubernetes/api.ts';
import { deploymentRow, type RawDeployment } from '#clients/kubernetes/rows/deployment-row.ts';
import type { RawReplicaSet } from '#clients/kubernetes/rows/replica-set-row.ts';
import type { WorkloadRow } from '#clients/kubernetes/rows.ts';
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import { OutcomeUnknownError } from '#rollback/failure.ts';
import { OPERATION_ANNOTATION } from '#rollback/rollback.ts';
import type { OperationId } from '../method.ts';
import { deadlineStamp } from './progress.ts';
import type { Receipt, Step } from './step.ts';
import { currentReplicaSet } from './versions.ts';

export function pathOf(workloads: Workloads, step: Step): string {
  return `/apis/apps/v1/namespaces/${workloads.namespace}/deployments/${step.workload.name}`;
}

async function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Uncached; undefined: there is none of that name. */
export function read(workloads: Workloads, step: Step, signal: AbortSignal): Promise<RawDeployment | undefined> {
  return orNone(workloads.api.get<RawDeployment>(pathOf(workloads, step), { signal }));
}

export function receiptOf(row: WorkloadRow, hash = row.templateHash): Receipt {
  const stamp = deadlineStamp(row);
  return { templateHash: hash, generation: row.generation, ...(stamp === undefined ? {} : { deadlineStamp: stamp }) };
}

/** The mark rides in the patch itself, so its presence is the proof; whether the version still stands is for `progress` to say. */
export function receiptOfMark(raw: RawDeployment, step: Step, op: OperationId): Receipt | undefined {
  const isOurs = raw.metadata.uid === step.workload.uid && raw.metadata.annotations?.[OPERATION_ANNOTATION] === op;
  return isOurs ? receiptOf(deploymentRow(raw), step.to.templateHash) : undefined;
}

/**
 * What the target's ReplicaSet tells. `none`: it stands and never was of a Deployment with this mark, so no pod came of the patch. `gone`:
 * it cannot be asked.
 */
async function traceOf(
  workloads: Workloads,
  step: Step,
  op: OperationId,
  signal: AbortSignal,
): Promise<'mark' | 'none' | 'gone'> {
  const owned = workloads.replicaSets.all().filter((row) => row.ownerUid === step.workload.uid);
  const { name } = currentReplicaSet(step.to, owned) ?? step.to.replicaSet;
  const path = `/apis/apps/v1/namespaces/${workloads.namespace}/replicasets/${name}`;
  const raw = await orNone(workloads.api.get<RawReplicaSet>(path, { signal }));
  const isOwned = raw?.metadata.ownerReferences?.some(({ uid }) => uid === step.workload.uid) === true;
  if (raw === undefined || !isOwned) return 'gone';
  return raw.metadata.annotations?.[OPERATION_ANNOTATION] === op ? 'mark' : 'none';
}

/** It was made, and somebody has removed its mark from the Deployment since. `raw`: as it is now. Rejects on an outage. */
export async function receiptOfTrace(
  workloads: Workloads,
  raw: RawDeployment | undefined,
  { step, op }: { step: Step; op: OperationId },
  signal: AbortSignal,
): Promise<Receipt | 'none' | 'gone'> {
  const trace = await traceOf(workloads, step, op, signal);
  if (trace !== 'mark') return trace;
  const { templateHash: hash } = step.to;
  const isSame = raw?.metadata.uid === step.workload.uid;
  return raw && isSame ? receiptOf(deploymentRow(raw), hash) : { templateHash: hash, generation: 0 };
}

/** Rejects on an outage, and with OutcomeUnknownError when nothing is left that could tell. */
export async function findPatch(
  workloads: Workloads,
  step: Step,
  op: OperationId,
  signal: AbortSignal,
): Promise<Receipt | 'absent'> {
  const raw = await read(workloads, step, signal);
  const made = raw && receiptOfMark(raw, step, op);
  if (made) return made;
  const trace = await receiptOfTrace(workloads, raw, { step, op }, signal);
  if (trace === 'none') return 'absent';
  if (trace !== 'gone') return trace;
  const isSame = raw?.metadata.uid === step.workload.uid;
  // What was wanted is there, whoever brought it.
  if (raw && isSame && templateHash(raw.spec.template) === step.to.templateHash) return 'absent';
  const since = isSame
    ? `${step.to.version} was cleaned up by the cluster`
    : `its Deployment was deleted${raw === undefined ? '' : ' and created anew'}`;
  throw new OutcomeUnknownError(`no answer to the patch came, and since then ${since}; look at what runs now`);
}
