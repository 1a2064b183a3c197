/**
 * What to do next with a rollback: pure and total, one switch over the phase (design §4). The controller does it and asks again.
 */
import { allAnsweredWell, checklistAnswers, requests } from './inputs.ts';
import type { Rollback } from './rollback.ts';
import type { Person } from './spec.ts';
import { hasEnded, type RollbackStatus } from './status.ts';

export type Action =
  /** Plan it, and open RollingBack in one write. */
  | { do: 'begin' }
  /** Make the steps that have an intent and no result. */
  | { do: 'roll-back' }
  /** See how far the patched workloads are. */
  | { do: 'observe' }
  /** Read health; the outcome follows from it. */
  | { do: 'verify' }
  /** Look at pods and health while the monitoring period runs. */
  | { do: 'monitor' }
  /** The period ended and not every check is answered: ask, once. */
  | { do: 'ask' }
  | { do: 'resolve'; by?: Person }
  | { do: 'cancel'; by: Person }
  /** The object is being deleted by hand: nothing more is done, and that is told. */
  | { do: 'abandon' }
  | { do: 'supersede'; by: string }
  /** Ended as FAILED: pods may still come back, which is told. */
  | { do: 'come-back' }
  /** Ended: mark it Settled once Slack agrees. */
  | { do: 'settle' }
  | { do: 'nothing' };

/** What decide needs to know besides the object. */
export interface Observed {
  /** A newer rollback of one of its services that has begun; ends a monitored one. */
  newer?: string;
  /** Everything Slack should show, it shows. */
  slackAgrees: boolean;
}

/** How often health is read again while monitoring or failing. */
export const HEALTH_INTERVAL_MS = 60_000;

/** When nobody answered after this long past the ETA, what has not come back is told as not returned, and what waits is not patched. */
export const GIVE_UP_AFTER_ETA_MS = 30 * 60_000;

/** What was asked for this long ago was right then: nobody expects it to begin now. */
export const START_WITHIN_MS = 30 * 60_000;

function isConditionTrue(status: RollbackStatus, type: string): boolean {
  return status.conditions.some((c) => c.type === type && c.status === 'True');
}

function resolvedBy({ spec, status }: Rollback): Person | undefined {
  const outcomeAt = Date.parse(status?.outcomeAt ?? '');
  return requests(spec, 'resolve').findLast(({ at }) => Date.parse(at) >= outcomeAt)?.by;
}

function decideMonitoring(rollback: Rollback, status: RollbackStatus, observed: Observed, nowMs: number): Action {
  if (observed.newer !== undefined) return { do: 'supersede', by: observed.newer };
  const by = resolvedBy(rollback);
  if (by) return { do: 'resolve', by };
  const blocked = isConditionTrue(status, 'NeedsPerson');
  const isOver = status.monitoringUntil !== undefined && nowMs >= Date.parse(status.monitoringUntil);
  // The last word follows a look, never the silence of a bot or a cluster that was away.
  const lookedMs = Date.parse(status.verification?.at ?? '');
  if (!isOver || !(nowMs - lookedMs < HEALTH_INTERVAL_MS)) return { do: 'monitor' };
  const answers = checklistAnswers(status.plan?.checklist ?? [], rollback.spec, status.verification);
  if (!blocked && allAnsweredWell(answers)) return { do: 'resolve' };
  return status.askedAt === undefined ? { do: 'ask' } : { do: 'monitor' };
}

/** Pods of a failed rollback may come after all, as long as a good one would be monitored and nobody else took over. */
function mayStillCome({ metadata, status }: Rollback, { newer }: Observed, nowMs: number): boolean {
  if (status?.phase !== 'Failed' || newer !== undefined || metadata.deletionTimestamp !== undefined) return false;
  const watchedMs = (status.plan?.monitoringMinutes ?? 15) * 60_000;
  const isOpen = status.targets.some(({ state, returnedAt }) => state === 'NotBack' && returnedAt === undefined);
  return isOpen && nowMs < Date.parse(status.outcomeAt ?? '') + watchedMs;
}

/** What waits is looked up first: it may be patched already. */
function decideDeleted(status: RollbackStatus | undefined): Action {
  const mayBePatched = status?.phase === 'RollingBack' && status.targets.some(({ state }) => state === 'Waiting');
  return { do: mayBePatched ? 'roll-back' : 'abandon' };
}

/** The next action. Repeating it after a crash is safe for every action. */
export function decide(rollback: Rollback, observed: Observed, nowMs: number): Action {
  const { spec, status } = rollback;
  if (rollback.metadata.deletionTimestamp !== undefined && isUnderWay(rollback)) return decideDeleted(status);
  if (status === undefined) {
    const cancelled = requests(spec, 'cancel')[0];
    return cancelled ? { do: 'cancel', by: cancelled.by } : { do: 'begin' };
  }
  switch (status.phase) {
    case 'Pending': {
      const cancelled = requests(spec, 'cancel')[0];
      return cancelled ? { do: 'cancel', by: cancelled.by } : { do: 'begin' };
    }
    case 'RollingBack':
      if (status.targets.some(({ state }) => state === 'Waiting')) return { do: 'roll-back' };
      return status.targets.some(({ state }) => state === 'Patched') ? { do: 'observe' } : { do: 'verify' };
    case 'Verifying': {
      if (status.outcomeAt === undefined) return { do: 'verify' };
      if (observed.newer !== undefined) return { do: 'supersede', by: observed.newer };
      const by = resolvedBy(rollback);
      return by ? { do: 'resolve', by } : { do: 'verify' };
    }
    case 'Monitoring':
      return decideMonitoring(rollback, status, observed, nowMs);
    case 'Resolved':
    case 'Refused':
    case 'Cancelled':
    case 'Failed':
    case 'Superseded':
      if (isConditionTrue(status, 'Settled')) return { do: 'nothing' };
      if (observed.slackAgrees && mayStillCome(rollback, observed, nowMs)) return { do: 'come-back' };
      return observed.slackAgrees ? { do: 'settle' } : { do: 'nothing' };
  }
}

/** It may still touch or watch its services. */
export function isUnderWay(rollback: Rollback): boolean {
  return rollback.status === undefined || !hasEnded(rollback.status.phase);
}

/** Its patches may not all be out, or its pods not back: nobody else may roll the same service back. */
export function isRollingBack(rollback: Rollback): boolean {
  const phase = rollback.status?.phase ?? 'Pending';
  return (
    phase === 'Pending' ||
    phase === 'RollingBack' ||
    (phase === 'Verifying' && rollback.status?.outcomeAt === undefined)
  );
}
