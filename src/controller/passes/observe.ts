/** How far the patched workloads are, from their own status and pods (design §5). Reads only, but for the one status write at the end. */
import { isDeepStrictEqual } from 'node:util';
import { operationId, type Rollback } from '#rollback/rollback.ts';
import { GIVE_UP_AFTER_ETA_MS } from '#rollback/decide.ts';
import { requests } from '#rollback/inputs.ts';
import type { RollbackStatus, StepRecord, TargetStatus } from '#rollback/status.ts';
import type { Progress } from '#methods/method.ts';
import { UnavailableError } from '#rollback/ports.ts';
import type { Again, Parts } from '../parts.ts';
import { contested } from './covered.ts';
import { changesOf, withEntry } from './timeline.ts';
import { withNeedsPerson } from './needs-person.ts';

/** How often progress is told at most while nothing is decided by it. */
export const PROGRESS_INTERVAL_MS = 1000;
const WAIT_LONGER_MS = 10 * 60_000;
/** How long whoever is called past the ETA has to answer before a passed deadline is the last word. */
const ANSWER_MS = 5 * 60_000;

/** One target after a look; pure. `isLate`: nobody answered long after the ETA. */
export function afterProgress(target: TargetStatus, progress: Progress, at: string, isLate: boolean): TargetStatus {
  const { ready, desired, revision } = progress;
  const { detail: _old, ...rest } = target;
  const next = {
    ...rest,
    ready,
    desired,
    ...(revision === undefined ? {} : { revision }),
    ...(progress.detail === undefined ? {} : { detail: progress.detail }),
  };
  switch (progress.state) {
    case 'done':
      return {
        ...next,
        state: 'Back',
        returnedAt: target.returnedAt ?? at,
        settledAt: target.state === 'Back' ? (target.settledAt ?? at) : at,
      };
    case 'superseded':
      return { ...next, state: 'Superseded', settledAt: at };
    case 'failed':
      // A service that had returned and fails now keeps its state: the pods it lacks are told as "needs a person".
      if (target.state === 'Back') return { ...next, state: 'Back' };
      return {
        ...next,
        state: 'NotBack',
        settledAt: target.state === 'NotBack' ? (target.settledAt ?? at) : at,
      };
    case 'progressing':
      if (target.state === 'Patched' && isLate) {
        return { ...next, state: 'NotBack', settledAt: at, detail: next.detail ?? 'not all pods became ready in time' };
      }
      // Why it was given up stays told, however little there is to be seen of it at the next look.
      if (target.state === 'NotBack' && target.detail)
        return { ...next, state: 'NotBack', detail: next.detail ?? target.detail };
      return { ...next, state: target.state };
  }
}

/** The ETA, moved by each "Wait 10 more minutes". */
export function movedEta(rollback: Rollback, status: RollbackStatus): string | undefined {
  const last = requests(rollback.spec, 'wait-longer').at(-1);
  if (status.etaAt === undefined || last === undefined) return status.etaAt;
  const moved = Date.parse(last.at) + WAIT_LONGER_MS;
  return moved > Date.parse(status.etaAt) ? new Date(moved).toISOString() : status.etaAt;
}

/**
 * A passed deadline is no final word while a person chose to wait, nor in the minutes that a person who was just called has to answer:
 * pods may still come. Pure.
 */
export function withPatience(progress: Progress, { hasWaited, etaAt = '' }: Patience, nowMs: number): Progress {
  if (progress.state !== 'failed' || !progress.mayStillCome) return progress;
  const sinceEtaMs = nowMs - Date.parse(etaAt);
  const isWaiting = sinceEtaMs < 0 ? hasWaited : sinceEtaMs < ANSWER_MS;
  return isWaiting ? { ...progress, state: 'progressing' } : progress;
}

export interface Patience {
  /** "Wait 10 more minutes" was pressed. */
  hasWaited: boolean;
  /** As moved. */
  etaAt?: string | undefined;
}

const WATCHED: ReadonlySet<TargetStatus['state']> = new Set(['Patched', 'Back', 'NotBack']);

/** ms since the patch went out, or since this term first looked, on our own monotonic clock. */
export function sincePatch(rollback: Rollback, step: StepRecord, { memory, clock }: Parts): number {
  const op = operationId(rollback.metadata.uid, step.id, step.attempt);
  const since = memory.patchedAt.get(op) ?? clock.monotonic();
  memory.patchedAt.set(op, since);
  return clock.monotonic() - since;
}

/** How far one step has come. Rejects with UnavailableError when it cannot be looked at. */
export async function look(rollback: Rollback, step: StepRecord, parts: Parts, signal: AbortSignal): Promise<Progress> {
  const sinceMs = sincePatch(rollback, step, parts);
  return parts.method(rollback.spec.method).progress(step.step, step.receipt, sinceMs, signal);
}

/** A cluster that does not answer: what was seen last stands, and says so. Nothing is concluded from it. */
function unseen({ ready, desired }: TargetStatus): Progress {
  return { state: 'progressing', ready, desired, detail: 'its cluster does not answer' };
}

/**
 * Looks at every patched target; answers the status with what was seen, not yet written. Rejects with UnavailableError when one could not
 * be looked at, unless `instead` says what counts then.
 */
export async function observed(
  rollback: Rollback,
  parts: Parts,
  signal: AbortSignal,
  instead?: (target: TargetStatus) => Progress,
): Promise<RollbackStatus> {
  const status = rollback.status!;
  const at = new Date(parts.clock.now()).toISOString();
  const etaAt = movedEta(rollback, status);
  const isLate = etaAt !== undefined && parts.clock.now() > Date.parse(etaAt) + GIVE_UP_AFTER_ETA_MS;
  const disputed = contested(rollback, parts.store.list());
  const patience = { hasWaited: requests(rollback.spec, 'wait-longer').length > 0, etaAt };
  const targets = await Promise.all(
    status.targets.map(async (target) => {
      const step = status.steps.find((s) => s.service === target.service && s.receipt !== undefined);
      if (!step || !WATCHED.has(target.state)) return target;
      const seen = await look(rollback, step, parts, signal).catch((error: unknown) => {
        if (instead === undefined || !(error instanceof UnavailableError)) throw error;
        return instead(target);
      });
      // Whose change it is shows in a moment: the newer rollback says what it patched, or that it did not.
      if (seen.state === 'superseded' && disputed.has(target.service)) return target;
      const progress = withPatience(seen, patience, parts.clock.now());
      return afterProgress(target, progress, at, isLate);
    }),
  );
  let { timeline } = status;
  for (const text of changesOf(status.targets, targets, status.plan)) timeline = withEntry(timeline, at, text);
  return { ...status, targets, timeline, ...(etaAt === undefined ? {} : { etaAt }) };
}

/** Fields of `next` that differ from `status`: what a pass has to write. A field that is gone is there as undefined: remove it. */
export function changedFields(status: RollbackStatus, next: RollbackStatus): Partial<RollbackStatus> {
  const keys = [...new Set([...Object.keys(status), ...Object.keys(next)])] as (keyof RollbackStatus)[];
  const changed = keys.filter((key) => key !== 'slack' && !isDeepStrictEqual(next[key], status[key]));
  return Object.fromEntries(changed.map((key) => [key, next[key]]));
}

/** Writes what differs, if anything does. Answers the rollback as it stands then. */
export async function write(
  rollback: Rollback,
  next: RollbackStatus,
  parts: Parts,
  signal: AbortSignal,
): Promise<Rollback> {
  const changed = changedFields(rollback.status!, next);
  if (Object.keys(changed).length === 0) return rollback;
  return parts.store.patchStatus(rollback, changed, { epoch: parts.epoch }, signal);
}

/** The line "As of" moves with what is seen, and at least this often while pods are waited for. */
const TELL_INTERVAL_MS = 10_000;

/** Whether something was seen is not a matter of how fields are ordered: each write wakes the next look (seed 20000160). Pure. */
export function withObservedAt(status: RollbackStatus, seen: RollbackStatus, nowMs: number): RollbackStatus {
  const isOld = nowMs - Date.parse(status.observedAt ?? '1970-01-01T00:00:00Z') >= TELL_INTERVAL_MS;
  const isNew = !isDeepStrictEqual(seen.targets, status.targets);
  return isOld || isNew ? { ...seen, observedAt: new Date(nowMs).toISOString() } : seen;
}

/** One look while RollingBack. When every target is settled the phase moves on. */
export async function observe(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const seen = withObservedAt(rollback.status!, await observed(rollback, parts, signal, unseen), parts.clock.now());
  const open = seen.targets.some(({ state }) => state === 'Patched' || state === 'Waiting');
  const next = withNeedsPerson(rollback, { ...seen, phase: open ? 'RollingBack' : 'Verifying' }, parts.clock.now());
  await write(rollback, next, parts, signal);
  return { afterMs: open ? PROGRESS_INTERVAL_MS : 0 };
}
