/**
 * One pass over one rollback: decide, do it, ask again. Level-triggered: whatever was missed, the next pass sees. Safe to repeat at any
 * point, for every effect goes through `perform` and every status write is fenced.
 */
import { trueCondition } from '#rollback/conditions.ts';
import { decide } from '#rollback/decide.ts';
import { after, lastMoment } from '#rollback/moment.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { hasEnded, STATUS_SCHEMA } from '#rollback/status.ts';
import { FencedError } from '#store/fence.ts';
import { abandon } from './passes/abandon.ts';
import { begin, cancel } from './passes/begin.ts';
import { comeBack } from './passes/come-back.ts';
import { coveredBy, supersededBy } from './passes/covered.ts';
import { furtherSteps } from './passes/further-steps.ts';
import { isGivenUp, keepEvidence, withoutEvidence } from './passes/keep-evidence.ts';
import { isMarked, markLeft } from './passes/mark-left.ts';
import { afterAbsence, ask, monitor, resolve, settle, supersede } from './passes/monitor.ts';
import { observe } from './passes/observe.ts';
import type { Again, Parts } from './parts.ts';
import { rollBack } from './passes/roll-back.ts';
import { verify } from './passes/verify.ts';
import { withEntry } from './passes/timeline.ts';

/** How often rollbacks that only wait, for people or for Slack, are looked at. */
const IDLE_MS = 30_000;
const OWED_AGAIN_MS = 5000;

/** Raises the epoch of an object that an earlier term wrote, before anything else is written to it (design §5). */
async function claim(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Rollback> {
  const { status } = rollback;
  if (!status || status.epoch === parts.epoch) return rollback;
  // Never under the fence of a newer term: a process that was frozen may not have noticed yet that its own is over.
  if (status.epoch > parts.epoch) {
    throw new FencedError(rollback.metadata.name, { own: parts.epoch, written: status.epoch });
  }
  const at = new Date(parts.clock.now()).toISOString();
  const isWorking = status.phase === 'RollingBack' || (status.phase === 'Verifying' && status.outcomeAt === undefined);
  const resumed = isWorking
    ? { resumedAt: at, timeline: withEntry(status.timeline, at, 'The bot was restarted; work is resumed.') }
    : afterAbsence(status, parts.clock.now());
  return parts.store.patchStatus(
    rollback,
    { epoch: parts.epoch, ...resumed },
    { epoch: status.epoch, ifUnchanged: true },
    signal,
  );
}

/** What must not be lost of the versions that were left: marked in the journal, their evidence kept. Never in the way of the look that follows. */
async function remembered(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Rollback> {
  const [kept] = await Promise.all([keepEvidence(rollback, parts, signal), markLeft(rollback, parts, signal)]);
  return kept;
}

/** Something of it is still to be kept: once it is settled nobody would come again for that (seed 50009694). */
function isOwed(rollback: Rollback, parts: Parts): boolean {
  const status = rollback.status!;
  const isKept = withoutEvidence(status).length === 0 && isMarked(rollback, parts);
  return !isKept && !isGivenUp(status, parts.clock.now());
}

async function act(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const covered = coveredBy(rollback, parts.store.list());
  const newer = supersededBy(rollback, covered);
  const slackAgrees = rollback.status !== undefined && hasEnded(rollback.status.phase) && parts.slackAgrees(rollback);
  const action = decide(rollback, { slackAgrees, ...(newer === undefined ? {} : { newer }) }, parts.clock.now());
  switch (action.do) {
    case 'begin':
      return begin(rollback, parts, signal);
    case 'cancel':
      return cancel(rollback, action.by, parts, signal);
    case 'abandon':
      return abandon(rollback, parts, signal);
    case 'roll-back': {
      const again = await rollBack(rollback, parts, signal);
      const now = parts.store.get(rollback.metadata.name);
      // What one service cannot do never keeps the others from being watched.
      if (again.afterMs && now?.status?.phase === 'RollingBack')
        await observe(await furtherSteps(now, parts, signal), parts, signal);
      return again;
    }
    case 'observe':
      return observe(await furtherSteps(await remembered(rollback, parts, signal), parts, signal), parts, signal);
    case 'verify':
      return verify(await remembered(rollback, parts, signal), covered, parts, signal);
    case 'monitor':
      return monitor(await remembered(rollback, parts, signal), covered, parts, signal);
    case 'ask':
      return ask(rollback, parts, signal);
    case 'resolve':
      return resolve(rollback, { by: action.by, covered }, parts, signal);
    case 'supersede':
      return supersede(rollback, action.by, parts, signal);
    case 'come-back':
      return comeBack(await remembered(rollback, parts, signal), parts, signal);
    case 'settle': {
      // What is kept now for the first time is told before the object is closed.
      const kept = await remembered(rollback, parts, signal);
      if (kept !== rollback) return { afterMs: 0 };
      return isOwed(kept, parts) ? { afterMs: OWED_AGAIN_MS } : settle(rollback, parts, signal);
    }
    case 'nothing':
      return { afterMs: IDLE_MS };
  }
}

/** Rejects on an outage or a conflict: come again with back-off. With FencedError this term is over. */
export async function reconcile(name: string, parts: Parts, signal: AbortSignal): Promise<Again> {
  const rollback = parts.store.get(name);
  if (!rollback || (rollback.status && rollback.status.schema > STATUS_SCHEMA)) return {};
  if (rollback.status && trueCondition(rollback.status.conditions, 'Settled')) {
    await parts.store.release(rollback, signal);
    return {};
  }
  const dated = { ...parts, clock: after(parts.clock, lastMoment(rollback.status)) };
  return act(await claim(rollback, dated, signal), dated, signal);
}
