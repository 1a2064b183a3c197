/**
 * Makes the patch. What is on the server decides here, never the cache: the patch itself tests what it assumes, and its mark rides in the
 * same write, so that it is made exactly once whatever is repeated.
 */
import { ApiError, type Workloads } from '#clients/kubernetes/api.ts';
import { deploymentRow, type RawDeployment } from '#clients/kubernetes/rows/deployment-row.ts';
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { type Refusal, TerminalError } from '#rollback/failure.ts';
import { redact } from '#rollback/redaction.ts';
import type { OperationId } from '../method.ts';
import { difference } from './difference.ts';
import { pathOf, read, receiptOf, receiptOfMark, receiptOfTrace } from './find.ts';
import { undoPatch } from './patch.ts';
import { changedMeanwhile, noWorkload, paused, recreated, type Subject, versionGone } from './refusals.ts';
import type { Receipt, Step } from './step.ts';

/** Annotations and scale may move between our read and the patch; the template test decides, so trying again is safe. */
const PATCH_TRIES = 3;

interface Templates {
  from: RawTemplate;
  to: RawTemplate;
  /** The target's ReplicaSet, for the annotations it recorded. */
  recorded: RevisionRow;
}

/** Both templates, from memory where possible. `from-gone`: whatever runs now, it is not what was planned from. */
async function templatesOf(
  workloads: Workloads,
  step: Step,
  signal: AbortSignal,
): Promise<Templates | 'from-gone' | 'to-gone'> {
  const owned = workloads.replicaSets.all().filter((row) => row.ownerUid === step.workload.uid);
  const recorded = owned.find((row) => row.uid === step.to.replicaSet.uid && row.templateHash === step.to.templateHash);
  const planned = owned.find((row) => row.templateHash === step.from.templateHash);
  const [from, to] = await Promise.all([
    planned && workloads.template(planned, signal),
    recorded && workloads.template(recorded, signal),
  ]);
  if (to === undefined || recorded === undefined) return 'to-gone';
  return from === undefined ? 'from-gone' : { from, to, recorded };
}

/** "kubectl-set at 03:02:11 UTC". */
export function lastWriter({ managers: [last] }: WorkloadRow): string | undefined {
  const at = last?.time === undefined ? '' : ` at ${last.time.slice(11, 19)} UTC`;
  return last === undefined ? undefined : `${last.manager}${at}`;
}

/** What moved between plan and patch; undefined: nothing that matters. */
function whatChanged(
  raw: RawDeployment | undefined,
  step: Step,
  subject: Subject,
  planned: RawTemplate | undefined,
): Refusal | undefined {
  if (raw === undefined) return noWorkload(subject);
  if (raw.metadata.uid !== step.workload.uid) return recreated(subject);
  const row = deploymentRow(raw);
  if (row.templateHash !== step.from.templateHash) {
    const by = lastWriter(row);
    const change = planned && difference(planned, raw.spec.template, row.name).line;
    return changedMeanwhile(subject, change ?? `it runs another version than ${step.from.version}`, by);
  }
  return row.paused ? paused(subject) : undefined;
}

/** See `Method.apply`. */
export async function applyPatch(
  workloads: Workloads,
  step: Step,
  op: OperationId,
  signal: AbortSignal,
): Promise<Receipt | Refusal> {
  const { environment, service } = step;
  const subject = { environment, service, namespace: workloads.namespace, workload: step.workload.name };
  const templates = await templatesOf(workloads, step, signal);
  if (templates === 'to-gone') return versionGone(subject, step.to.version);
  let tested = templates === 'from-gone' ? undefined : templates;
  let row = workloads.deployments.get(step.workload.name);
  let pausedAs: null | false = null;
  for (let tries = 1; ; tries++) {
    let failure: ApiError | undefined;
    if (tested !== undefined && row !== undefined) {
      const answer = await patched(workloads, step, row, tested, { op, pausedAs }, signal);
      if (!(answer instanceof ApiError)) return receiptOf(answer);
      failure = answer;
    }
    // A failed test, or no way to make one: only the object itself tells why.
    const raw = await read(workloads, step, signal);
    const done = raw && (receiptOfMark(raw, step, op) ?? madeByOthers(raw, step));
    if (done) return done;
    const refusal = whatChanged(raw, step, subject, tested?.from);
    if (refusal) {
      // "Nothing was touched" is no word for a patch whose answer was lost and whose mark somebody's own undo removed.
      const trace = await receiptOfTrace(workloads, raw, { step, op }, signal);
      return typeof trace === 'string' ? refusal : trace;
    }
    if (raw === undefined || tested === undefined) return versionGone(subject, step.from.version);
    if (tries === PATCH_TRIES) {
      throw new TerminalError('PatchRefused', redact(failure?.message ?? 'The patch was refused.'), { cause: failure });
    }
    row = deploymentRow(raw);
    // The same but for a `pod-template-hash` of its own, which comes along when somebody applies what a ReplicaSet was.
    tested = { ...tested, from: raw.spec.template };
    pausedAs = raw.spec.paused === false ? false : null;
  }
}

/** Somebody rolled back to that very version by hand meanwhile: what was wanted stands, nothing is written. */
function madeByOthers(raw: RawDeployment, step: Step): Receipt | undefined {
  const isThere = raw.metadata.uid === step.workload.uid && templateHash(raw.spec.template) === step.to.templateHash;
  return isThere ? { ...receiptOf(deploymentRow(raw)), skipped: true } : undefined;
}

/** The Deployment after the patch, or why not; see `refusedPatch`. */
async function patched(
  workloads: Workloads,
  step: Step,
  row: WorkloadRow,
  { from, to, recorded }: Templates,
  { op, pausedAs }: { op: OperationId; pausedAs: null | false },
  signal: AbortSignal,
): Promise<WorkloadRow | ApiError> {
  const patch = undoPatch({
    uid: step.workload.uid,
    from,
    to,
    annotations: { current: row.annotations, recorded: recorded.annotations },
    hasNoAnnotations: Object.keys(row.annotations).length === 0 && !row.hasLastApplied,
    paused: pausedAs,
    operation: op,
  });
  try {
    const raw = await workloads.api.jsonPatch<RawDeployment>(pathOf(workloads, step), patch, {
      signal,
    });
    return deploymentRow(raw);
  } catch (error) {
    return refusedPatch(error);
  }
}

/** The 422 or 404 to look into. 400 and 403 are terminal; everything else is an outage: thrown. */
export function refusedPatch(error: unknown): ApiError {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 422 || error.status === 404) return error;
  if (error.status === 403)
    throw new TerminalError('Forbidden', `The bot may not roll this back. ${redact(error.message)}`, { cause: error });
  // An admission webhook that refuses answers 400 unless it says otherwise: it would refuse every time.
  if (error.status === 400)
    throw new TerminalError('PatchRefused', `The API server refuses the old version. ${redact(error.message)}.`, {
      cause: error,
    });
  throw error;
}
