/**
 * Making the steps: capture, then patch, each service on its own and all in parallel; what one cannot do never keeps the others
 * waiting. The results of a pass are one status write; evidence is stored after it.
 */
import { isRefusal, OutcomeUnknownError, TerminalError } from '#rollback/failure.ts';
import { operationId, type Rollback } from '#rollback/rollback.ts';
import { GIVE_UP_AFTER_ETA_MS } from '#rollback/decide.ts';
import { requests } from '#rollback/inputs.ts';
import { StillUnknownError } from '#rollback/ports.ts';
import type { HealthResult, RollbackStatus, StepRecord, TargetStatus } from '#rollback/status.ts';
import { keepEvidence } from './keep-evidence.ts';
import { movedEta } from './observe.ts';
import type { Again, Parts } from '../parts.ts';
import { changesOf, withEntry } from './timeline.ts';

type Made =
  | { step: StepRecord; receipt: unknown }
  | { step: StepRecord; refused: string }
  /** It may have been made, and nothing will ever tell. */
  | { step: StepRecord; unknown: string }
  | { step: StepRecord; cancelled: true }
  /** Not known or not done: the next pass looks first. */
  | { step: StepRecord; again: unknown };

interface Pass {
  rollback: Rollback;
  parts: Parts;
  signal: AbortSignal;
}

const TOO_LATE = 'it could not be patched in time; ask again if it is still wanted';

/** Long past the ETA nobody expects a service to be patched any more. Pure. */
export function isTooLate(rollback: Rollback, nowMs: number): boolean {
  const etaAt = movedEta(rollback, rollback.status!);
  return etaAt !== undefined && nowMs > Date.parse(etaAt) + GIVE_UP_AFTER_ETA_MS;
}

/** Whoever deletes the object wants nothing more of it either. */
function isUnwanted({ spec, metadata }: Rollback): boolean {
  return metadata.deletionTimestamp !== undefined || requests(spec, 'cancel').length > 0;
}

/** A patch whose answer was lost may still be on its way for this long: the API server works on what a proxy held back. */
const MAY_LAND_MS = 15_000;

/** Nothing tells yet that the patch was not made: it was tried, in this term or before it, and may still arrive. */
function mayStillLand({ memory, clock }: Parts, op: string): boolean {
  const now = clock.monotonic();
  const triedAt = memory.triedAt.get(op) ?? now;
  memory.triedAt.set(op, triedAt);
  return now - triedAt < MAY_LAND_MS;
}

/** Thrown before the patch: somebody cancelled while diagnostics were saved. */
class CancelledMeanwhile extends Error {
  override name = 'CancelledMeanwhile';
}

/** Saves what would be lost, once, and then looks again whether the patch is still wanted. */
async function prepare({ rollback, parts }: Pass, step: StepRecord, op: string, signal: AbortSignal): Promise<void> {
  const { captured } = parts.memory;
  if (!captured.has(op)) captured.set(op, await parts.capture.read(rollback, step.service, signal));
  const now = parts.store.get(rollback.metadata.name) ?? rollback;
  if (isUnwanted(now)) throw new CancelledMeanwhile();
}

async function make(pass: Pass, step: StepRecord): Promise<Made> {
  const { rollback, parts, signal } = pass;
  const method = parts.method(rollback.spec.method);
  const op = operationId(rollback.metadata.uid, step.id, step.attempt);
  const lookFirst = !parts.memory.fresh.delete(op);
  try {
    const isCancelled = isUnwanted(rollback);
    if (isCancelled || isTooLate(rollback, parts.clock.now())) {
      const found = lookFirst ? await method.find(step.step, op, signal) : 'absent';
      if (found === 'absent' && lookFirst && mayStillLand(parts, op)) return { step, again: new StillUnknownError(op) };
      if (found === 'absent') return isCancelled ? { step, cancelled: true } : { step, refused: TOO_LATE };
      // Too late for this one: it is patched already, or nobody can tell yet.
      return found === 'unknown' ? { step, again: new StillUnknownError(op) } : { step, receipt: found };
    }
    const receipt = await parts.perform(
      {
        kind: 'workload.patch',
        id: op,
        rollback: rollback.metadata.name,
        lookFirst,
        find: (s) => method.find(step.step, op, s),
        prepare: (s) => prepare(pass, step, op, s),
        act: (s) => {
          parts.memory.triedAt.set(op, parts.clock.monotonic());
          return method.apply(step.step, op, s);
        },
      },
      signal,
    );
    if (typeof receipt === 'object' && receipt !== null && isRefusal(receipt))
      return { step, refused: receipt.message };
    parts.memory.patchedAt.set(op, parts.clock.monotonic());
    return { step, receipt };
  } catch (error) {
    // What was tried before may still land: the next pass looks.
    if (error instanceof CancelledMeanwhile) return lookFirst ? { step, again: error } : { step, cancelled: true };
    if (error instanceof OutcomeUnknownError) return { step, unknown: error.message };
    if (error instanceof TerminalError) return { step, refused: error.message };
    signal.throwIfAborted();
    return { step, again: error };
  }
}

function afterPass(
  status: RollbackStatus,
  made: readonly Made[],
  before: HealthResult[] | undefined,
  at: string,
): Partial<RollbackStatus> {
  const byService = new Map(made.map((m) => [m.step.service, m]));
  const targets = status.targets.map((target): TargetStatus => {
    const m = byService.get(target.service);
    if (m === undefined || 'again' in m) return target;
    if ('cancelled' in m) return { ...target, state: 'Cancelled', settledAt: at };
    if ('refused' in m) return { ...target, state: 'Refused', detail: m.refused, settledAt: at };
    if ('unknown' in m) return { ...target, state: 'Unknown', detail: m.unknown, settledAt: at };
    return { ...target, state: 'Patched', patchedAt: at };
  });
  const receipts = new Map(made.flatMap((m) => ('receipt' in m ? [[m.step.id, m.receipt] as const] : [])));
  const steps = status.steps.map((step) =>
    receipts.has(step.id) ? { ...step, receipt: receipts.get(step.id) } : step,
  );
  let timeline = status.timeline;
  for (const text of changesOf(status.targets, targets, status.plan)) timeline = withEntry(timeline, at, text);
  return { targets, steps, timeline, ...(before ? { before: { at, health: before } } : {}) };
}

/** One pass over the steps without a result. */
export async function rollBack(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const status = rollback.status!;
  const waiting = new Set(status.targets.filter(({ state }) => state === 'Waiting').map(({ service }) => service));
  const pass: Pass = { rollback, parts, signal };
  const before: { health?: HealthResult[] } = {};
  const reading = status.before
    ? Promise.resolve()
    : parts.health(rollback, 1, signal).then((health) => void (before.health = health));
  // It is awaited below; should the pass end before, its rejection is the abort.
  reading.catch(() => undefined);
  const steps = status.steps.filter((s) => s.receipt === undefined && waiting.has(s.service));
  const made = await Promise.all(steps.map((step) => make(pass, step)));
  const at = new Date(parts.clock.now()).toISOString();
  const isTold = before.health !== undefined;
  const written = await parts.store.patchStatus(
    rollback,
    afterPass(status, made, before.health, at),
    { epoch: parts.epoch },
    signal,
  );
  await keepEvidence(written, parts, signal);
  // A health path that hangs never keeps the patches from being told.
  await reading;
  if (before.health && !isTold) {
    await parts.store.patchStatus(written, { before: { at, health: before.health } }, { epoch: parts.epoch }, signal);
  }
  const failed = made.find((m) => 'again' in m);
  if (!failed) return { afterMs: 0 };
  parts.log.warn('step will be looked up and tried again', { step: failed.step.id, error: String(failed.again) });
  return { afterMs: failed.again instanceof StillUnknownError ? 500 : 1000 };
}
