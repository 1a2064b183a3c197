/**
 * Makes the patch of a StatefulSet or DaemonSet. The object is read first, uncached: the patch tests for the very template
 * that was read, so nothing that comes in between is overwritten, and its mark rides in the same write.
 */
import type { Workloads } from '#clients/kubernetes/api.ts';
import type { RawDaemonSet } from '#clients/kubernetes/rows/daemon-set-row.ts';
import type { RawStatefulSet } from '#clients/kubernetes/rows/stateful-set-row.ts';
import { historyOf } from '#clients/kubernetes/workload-history.ts';
import { type Refusal, TerminalError } from '#rollback/failure.ts';
import { redact } from '#rollback/redaction.ts';
import type { OperationId } from '../method.ts';
import { lastWriter, refusedPatch } from '../undo/apply.ts';
import { difference } from '../undo/difference.ts';
import { changedMeanwhile, noWorkload, recreated, versionGone } from '../undo/refusals.ts';
import { type Found, found, pathOf, readWorkload, receiptOf, receiptOfMark, targetTemplate } from './find.ts';
import { revisionPatch } from './patch.ts';
import { replacesNothing, type RevisionTarget } from './plan.ts';
import { strategyChanged } from './refusals.ts';
import type { PatchReceipt, PatchStep } from './step.ts';

/** The object may move between our read and the patch; the template test decides, so trying again is safe. */
const PATCH_TRIES = 3;

function targetOf(workloads: Workloads, { environment, service, workload }: PatchStep): RevisionTarget {
  return {
    environment,
    service,
    namespace: workloads.namespace,
    kind: workload.kind,
    workload: workload.name,
    avoid: new Set(),
    ranWell: new Map(),
  };
}

/** What was changed, against the version that was planned from, where it is still there to compare with. */
async function changeSince(workloads: Workloads, step: PatchStep, now: Found, signal: AbortSignal): Promise<string> {
  const history = historyOf(workloads, step.workload.kind, step.workload.name);
  const planned = history?.versions.find((version) => version.templateHash === step.from.templateHash);
  const before = planned && (await workloads.template(planned, signal));
  if (before === undefined) return `it runs another version than ${step.from.version}`;
  return difference(before, now.template, now.row.name).line;
}

/** What moved between plan and patch; undefined: nothing that matters. */
async function whatChanged(
  workloads: Workloads,
  step: PatchStep,
  now: Found | undefined,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  const target = targetOf(workloads, step);
  if (now === undefined) return noWorkload(target);
  if (now.row.uid !== step.workload.uid) return recreated(target);
  if (now.row.templateHash !== step.from.templateHash) {
    return changedMeanwhile(target, await changeSince(workloads, step, now, signal), lastWriter(now.row));
  }
  return now.row.replacement?.isOnDelete ? strategyChanged(target) : replacesNothing(target, now.row);
}

/** Somebody rolled back to that very version by hand meanwhile: what was wanted stands, nothing is written. */
function madeByOthers(now: Found, step: PatchStep): PatchReceipt | undefined {
  const isThere = now.row.uid === step.workload.uid && now.row.templateHash === step.to.templateHash;
  return isThere ? { ...receiptOf(now), skipped: true } : undefined;
}

/** See `Method.apply`. */
export async function applyPatch(
  workloads: Workloads,
  step: PatchStep,
  op: OperationId,
  signal: AbortSignal,
): Promise<PatchReceipt | Refusal> {
  for (let tries = 1; ; tries++) {
    const now = await readWorkload(workloads, step, signal);
    const done = now && (receiptOfMark(now, step, op) ?? madeByOthers(now, step));
    if (done) return done;
    const refusal = await whatChanged(workloads, step, now, signal);
    if (refusal !== undefined || now === undefined) return refusal ?? noWorkload(targetOf(workloads, step));
    const to = await targetTemplate(workloads, step, signal);
    if (to === undefined) return versionGone(targetOf(workloads, step), step.to.version);
    const { uid } = step.workload;
    const hasNoAnnotations = Object.keys(now.row.annotations).length === 0 && !now.row.hasLastApplied;
    const patch = revisionPatch({ uid, from: now.template, to, hasNoAnnotations, operation: op });
    try {
      const raw = await workloads.api.jsonPatch<RawStatefulSet | RawDaemonSet>(pathOf(workloads, step), patch, {
        signal,
      });
      return receiptOf(found(raw, step.workload.kind));
    } catch (error) {
      const failure = refusedPatch(error);
      if (tries === PATCH_TRIES) throw new TerminalError('PatchRefused', redact(failure.message), { cause: failure });
    }
  }
}
