/**
 * What cannot be begun yet: its cluster or Slack does not answer. It is tried again and again; whoever asked hears of it after a minute,
 * in words that name the cause, and it ends as refused when nobody can want it any more.
 */
import { withCondition } from '#rollback/conditions.ts';
import type { Plan } from '#rollback/plan.ts';
import { type PlanRequest, UnavailableError } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import type { Parts } from '../parts.ts';
import { changedFields } from './observe.ts';
import { withEntry } from './timeline.ts';

/** Longer than any restart and any first list: what takes longer is news. */
const TELL_AFTER_MS = 60_000;

/** Slack did not say who is in a group, which decides who may. */
export class MembershipUnknownError extends UnavailableError {
  override name = 'MembershipUnknownError';
  constructor() {
    super('Slack does not say who may roll back here.');
  }
}

/** For the channel: outages in their own words; an error of ours is for the log. */
function wordsFor(failure: unknown): string {
  return failure instanceof UnavailableError
    ? failure.message
    : 'The bot fails at planning it; its log says at what. Please tell whoever runs the bot.';
}

/** Still Pending, and why; pure. The entry of the timeline is made once per cause. */
export function withDelay(status: RollbackStatus, plan: Plan, why: string, at: string): RollbackStatus {
  const message = `Not begun yet, nothing was touched. ${why}`;
  const stalled = { type: 'Stalled' as const, status: 'True' as const, reason: 'CannotPlan', message: why };
  const conditions = withCondition(status.conditions, stalled, at);
  if (conditions === status.conditions) return status;
  return { ...status, phase: 'Pending', message, plan, conditions, timeline: withEntry(status.timeline, at, message) };
}

/** It goes on, or ends; pure. */
export function withoutDelay(status: RollbackStatus, at: string): RollbackStatus {
  if (!status.conditions.some(({ type, status: s }) => type === 'Stalled' && s === 'True')) return status;
  const goesOn = { type: 'Stalled' as const, status: 'False' as const, reason: 'Planned', message: '' };
  return { ...status, conditions: withCondition(status.conditions, goesOn, at) };
}

/** Tells of the delay where it is long. Always rejects with the failure, or with what kept it from being told. */
export async function delayed(
  failure: unknown,
  { rollback, request, base }: { rollback: Rollback; request: PlanRequest; base: RollbackStatus },
  parts: Parts,
  signal: AbortSignal,
): Promise<never> {
  const nowMs = parts.clock.now();
  const isLong = nowMs - Date.parse(rollback.metadata.creationTimestamp) >= TELL_AFTER_MS;
  if (!isLong) throw failure;
  const next = withDelay(base, parts.unplanned(request), wordsFor(failure), new Date(nowMs).toISOString());
  const changed = rollback.status === undefined ? next : changedFields(rollback.status, next);
  if (Object.keys(changed).length > 0)
    await parts.store.patchStatus(rollback, changed, { epoch: parts.epoch, ifUnchanged: true }, signal);
  throw failure;
}
