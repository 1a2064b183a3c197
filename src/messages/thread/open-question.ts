/**
 * What is asked of the holder at the moment: at most one thing (design §7). The newer of "needs a person" and the question at the end of
 * the monitoring period stands open; the other waits, and is asked again when the newer one is answered.
 */
import { trueCondition } from '#rollback/conditions.ts';
import { requests } from '#rollback/inputs.ts';
import { NEEDS_PERSON_REASONS, type NeedsPersonReason } from '#rollback/reasons-of-conditions.ts';
import type { Condition } from '#rollback/status.ts';
import type { Told } from '../said.ts';

export type Question = { ask: 'need'; need: Condition } | { ask: 'resolve'; need?: Condition };

export function isNeedReason(reason: string): reason is NeedsPersonReason {
  return (NEEDS_PERSON_REASONS as readonly string[]).includes(reason);
}

/** The outcome itself calls the holder for these. */
function isToldByOutcome({ status }: Told, reason: string): boolean {
  if (status.outcomeAt === undefined) return false;
  return reason === 'NotBack' || (reason === 'HealthFailing' && status.phase !== 'Monitoring');
}

/** Answered by "Watch … more minutes", which the controller may not have seen yet. */
function isProlonged({ spec, status }: Told): boolean {
  const last = requests(spec, 'watch-longer').at(-1);
  return last !== undefined && Date.parse(last.at) >= Date.parse(status.askedAt ?? '');
}

/** undefined: nothing is asked in a post of its own. What was refused or cancelled asks nothing. */
export function openQuestion(rollback: Told): Question | undefined {
  const { status } = rollback;
  if (status.phase === 'Refused' || status.phase === 'Cancelled') return undefined;
  const need = trueCondition(status.conditions, 'NeedsPerson');
  const askedAt = status.phase === 'Monitoring' && !isProlonged(rollback) ? status.askedAt : undefined;
  const own = need && !isToldByOutcome(rollback, need.reason) ? need : undefined;
  if (own && (askedAt === undefined || Date.parse(own.lastTransitionTime) > Date.parse(askedAt))) {
    return { ask: 'need', need: own };
  }
  return askedAt === undefined ? undefined : { ask: 'resolve', ...(need ? { need } : {}) };
}
