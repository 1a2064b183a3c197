/**
 * Was the patch made? Asked of the server, never of the cache. The mark that rode in the patch proves it; where somebody removed the mark, the
 * ControllerRevision tells whether its version has come back since it was planned, though not by whom.
 */
import { ApiError, type Workloads } from '#clients/kubernetes/api.ts';
import { type RawControllerRevision, templateOfRevision } from '#clients/kubernetes/rows/controller-revision-row.ts';
import { daemonSetRow, type RawDaemonSet } from '#clients/kubernetes/rows/daemon-set-row.ts';
import { type RawStatefulSet, statefulSetRow } from '#clients/kubernetes/rows/stateful-set-row.ts';
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import type { WorkloadRow } from '#clients/kubernetes/rows.ts';
import { OutcomeUnknownError } from '#rollback/failure.ts';
import { OPERATION_ANNOTATION } from '#rollback/rollback.ts';
import type { OperationId } from '../method.ts';
import type { PatchReceipt, PatchStep } from './step.ts';

export interface Found {
  row: WorkloadRow;
  /** Its template, to the letter. */
  template: RawTemplate;
}

export function pathOf(workloads: Workloads, { workload }: Pick<PatchStep, 'workload'>): string {
  return `/apis/apps/v1/namespaces/${workloads.namespace}/${workload.kind.toLowerCase()}s/${workload.name}`;
}

export function found(raw: RawStatefulSet | RawDaemonSet, kind: PatchStep['workload']['kind']): Found {
  const row = kind === 'StatefulSet' ? statefulSetRow(raw) : daemonSetRow(raw);
  return { row, template: raw.spec.template };
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
export async function readWorkload(
  workloads: Workloads,
  step: Pick<PatchStep, 'workload'>,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const raw = await orNone(workloads.api.get<RawStatefulSet | RawDaemonSet>(pathOf(workloads, step), { signal }));
  return raw && found(raw, step.workload.kind);
}

/** undefined: that very version is gone. */
async function readRevision(
  { api, namespace }: Workloads,
  { to }: PatchStep,
  signal: AbortSignal,
): Promise<RawControllerRevision | undefined> {
  const path = `/apis/apps/v1/namespaces/${namespace}/controllerrevisions/${to.revision.name}`;
  const raw = await orNone(api.get<RawControllerRevision>(path, { signal }));
  return raw?.metadata.uid === to.revision.uid ? raw : undefined;
}

/** undefined: that very version is gone. */
export async function targetTemplate(
  workloads: Workloads,
  step: PatchStep,
  signal: AbortSignal,
): Promise<RawTemplate | undefined> {
  const raw = await readRevision(workloads, step, signal);
  return raw && templateOfRevision(raw);
}

export const receiptOf = ({ row }: Found, hash = row.templateHash): PatchReceipt => ({
  templateHash: hash,
  generation: row.generation,
});

/** The mark rides in the patch itself, so its presence is the proof; whether the version still stands is for `progress` to say. */
export function receiptOfMark(now: Found, step: PatchStep, op: OperationId): PatchReceipt | undefined {
  const isOurs = now.row.uid === step.workload.uid && now.row.annotations[OPERATION_ANNOTATION] === op;
  return isOurs ? receiptOf(now, step.to.templateHash) : undefined;
}

/** Rejects on an outage, and with OutcomeUnknownError when nothing is left that could tell. */
export async function findPatch(
  workloads: Workloads,
  step: PatchStep,
  op: OperationId,
  signal: AbortSignal,
): Promise<PatchReceipt | 'absent'> {
  const now = await readWorkload(workloads, step, signal);
  const made = now && receiptOfMark(now, step, op);
  if (made) return made;
  const isSame = now?.row.uid === step.workload.uid;
  // What was wanted is there, whoever brought it.
  if (isSame && now.row.templateHash === step.to.templateHash) return 'absent';
  const revision = await readRevision(workloads, step, signal);
  if (isSame && revision?.revision === step.to.revision.number) return 'absent';
  const { version } = step.to;
  const since = isSame
    ? `${version} ${revision === undefined ? 'was cleaned up by the cluster' : 'was there and was replaced again'}`
    : `its ${step.workload.kind} was deleted${now === undefined ? '' : ' and created anew'}`;
  throw new OutcomeUnknownError(`no answer to the patch came, and since then ${since}; look at what runs now`);
}
