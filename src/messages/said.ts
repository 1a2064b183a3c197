/** Phrases that several messages share. Pure. Whatever people, pods or catalogues said passes through `inline` here or where it is used. */
import { cut, inline, lengthOf } from '#blocks/escape.ts';
import { holder } from '#rollback/inputs.ts';
import type { PlannedService, Version } from '#rollback/plan.ts';
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
const NAME_MAX = 80;
/** Of one list inside a line, so that no list crowds out the line after it. */
const LIST_MAX = 900;

/** "a, b and 7 more": as many items as fit; at least one. */
export function listed(items: readonly string[], separator = ', ', max = LIST_MAX): string {
  let length = 0;
  const fitting = items.findIndex((item, i) => i > 0 && (length += lengthOf(item)) > max);
  const [first = '', ...others] = fitting === -1 ? items : items.slice(0, fitting);
  const shown = [cut(first, max), ...others].join(separator);
  return fitting === -1 ? shown : `${shown} and ${items.length - fitting} more`;
}

/** Calls the person; in a drill, and for people without a Slack account, only the name. */
export function mention(rollback: Rollback, person: Person = holder(rollback.spec)): string {
  return rollback.spec.drill || !SLACK_ID.test(person.id) ? name(person) : `<@${person.id}>`;
}

/** The name, never a mention: for lines that must not call anybody. */
export function name(person: Person | Requester): string {
  const via = 'via' in person && person.via !== 'slack' ? ` (${person.via})` : '';
  return (inline(person.name, NAME_MAX) || inline(person.id, NAME_MAX)) + via;
}

export function environment({ status }: Told): string {
  return inline(status.plan.environment.name, NAME_MAX);
}

/** "*ROLLBACK COMPLETE* — production". */
export function title(rollback: Told, word: string): string {
  return `*ROLLBACK ${word}* — ${environment(rollback)}`;
}

export const serviceName = (service: string): string => inline(service, NAME_MAX);

/** "v1.4.2"; "not known" where nobody knows. */
export function versionName(version: Version | undefined): string {
  return inline(version?.version ?? '', NAME_MAX) || 'not known';
}

/** "v1.4.3 → v1.4.2"; revisions where the version alone does not tell which. */
export function versions({ from, to, isPrevious }: PlannedService): string {
  const arrow = `${versionName(from)} → ${versionName(to)}`;
  if (!from || !to || to.revision === 0) return arrow;
  if (from.version === to.version) return `${arrow}, revision ${from.revision} → ${to.revision}`;
  return isPrevious ? arrow : `${arrow}, revision ${to.revision}`;
}

/** "auth-service (v1.4.3 → v1.4.2)". */
export const arrow = (service: PlannedService): string => `${serviceName(service.service)} (${versions(service)})`;

export function planned({ status: { plan } }: Told, service: string): PlannedService | undefined {
  return plan.services.find((s) => s.service === service);
}

/** "1 of 3 pods ready". */
export function pods({ ready, desired }: TargetStatus): string {
  return `${ready} of ${desired} pods ready`;
}

/** Somebody's sentence as a clause: without its last full stop. */
export function clause(text: string, max = 300): string {
  return inline(text, max).replace(/\.$/, '');
}

/** " (image not found)" or nothing. */
export function because({ detail }: TargetStatus): string {
  return detail === undefined || detail.trim() === '' ? '' : ` (${clause(detail)})`;
}

/** It is back, or it was until somebody deployed something else after the outcome: that does not unmake the rollback. */
export function hasReturned({ outcomeAt = '' }: RollbackStatus, target: TargetStatus): boolean {
  if (target.state !== 'Superseded') return target.state === 'Back';
  return target.returnedAt !== undefined && Date.parse(target.settledAt ?? '') > Date.parse(outcomeAt);
}

/** It was told that it waited to be begun. */
export function wasDelayed({ conditions }: RollbackStatus): boolean {
  return conditions.some(({ type }) => type === 'Stalled');
}

/** COMPLETE: all of what was asked for returned. PARTIAL: some. FAILED: none. */
export function outcomeWord(status: RollbackStatus): 'COMPLETE' | 'PARTIAL' | 'FAILED' {
  const returned = status.targets.filter((target) => hasReturned(status, target)).length;
  if (returned === 0) return 'FAILED';
  return returned === status.targets.length ? 'COMPLETE' : 'PARTIAL';
}
