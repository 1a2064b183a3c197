/** Phrases that several messages share. Pure; people's text is escaped here and nowhere else in messages/. */
import { escape } from '#blocks/escape.ts';
import { holder } from '#rollback/inputs.ts';
import { going, type PlannedService } from '#rollback/plan.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Person, Requester } from '#rollback/spec.ts';
import type { RollbackStatus, TargetStatus } from '#rollback/status.ts';

/** A rollback with everything a message needs; anything less renders nothing. */
export type Told = Rollback & { status: RollbackStatus & { plan: NonNullable<RollbackStatus['plan']> } };

/** Nothing is said of dry runs, nor of what was never planned: there is no channel to say it in. */
export function isTold(rollback: Rollback): rollback is Told {
  return rollback.status?.plan !== undefined && rollback.spec.dryRun !== true;
}

const SLACK_ID = /^[UW][A-Z0-9]{2,}$/;

/** Calls the person; in a drill, and for people without a Slack account, only the name. */
export function mention(rollback: Rollback, person: Person = holder(rollback.spec)): string {
  if (rollback.spec.drill || !SLACK_ID.test(person.id)) return escape(person.name);
  return `<@${person.id}>`;
}

/** The name, never a mention: for lines that must not call anybody. */
export function name({ name: text, ...person }: Person | Requester): string {
  const via = 'via' in person && person.via === 'kubectl' ? ' (kubectl)' : '';
  return escape(text) + via;
}

/** "DRILL — " before every text of a drill. */
export function drill(rollback: Rollback): string {
  return rollback.spec.drill ? 'DRILL — ' : '';
}

/** "*ROLLBACK COMPLETE* — production". */
export function title(rollback: Told, word: string): string {
  return `${drill(rollback)}*ROLLBACK ${word}* — ${escape(rollback.status.plan.environment.name)}`;
}

/** "auth-service (v1.4.3 → v1.4.2)". */
export function arrow({ service, from, to }: PlannedService): string {
  return `${escape(service)} (${escape(from?.version ?? 'not known')} → ${escape(to?.version ?? 'not known')})`;
}

/** All services that go, or "all 9 services" with their versions behind. */
export function services({ status: { plan } }: Told): string {
  const list = going(plan).map(arrow).join(', ');
  return plan.fullSystem
    ? `all ${going(plan).length === plan.services.length ? '' : `but ${plan.services.length - going(plan).length} `}of the system: ${list}`
    : list;
}

export function planned({ status: { plan } }: Told, service: string): PlannedService | undefined {
  return plan.services.find((s) => s.service === service);
}

/** "1 of 3 pods ready". */
export function pods({ ready, desired }: TargetStatus): string {
  return `${ready} of ${desired} pods ready`;
}

/** " (image not found)" or nothing. */
export function because({ detail }: TargetStatus): string {
  return detail === undefined ? '' : ` (${escape(detail)})`;
}

/** Returned by the outcome; what somebody deployed after that had returned before. */
export function hasReturned(status: RollbackStatus, target: TargetStatus): boolean {
  if (target.state === 'Back') return true;
  const { outcomeAt } = status;
  return target.state === 'Superseded' && outcomeAt !== undefined && (target.settledAt ?? '') > outcomeAt;
}

/** COMPLETE: all of what was asked for returned. PARTIAL: some. FAILED: none. */
export function outcomeWord(status: RollbackStatus): 'COMPLETE' | 'PARTIAL' | 'FAILED' {
  const returned = status.targets.filter((target) => hasReturned(status, target)).length;
  if (returned === 0) return 'FAILED';
  return returned === status.targets.length ? 'COMPLETE' : 'PARTIAL';
}
