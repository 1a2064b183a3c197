/** The "Status:" line of the outcome, edited to the end: monitored until when, resolved by whom, or who is needed. */
import { minutes, timeForReader } from '#blocks/time.ts';
import { inline } from '#blocks/escape.ts';
import { trueCondition } from '#rollback/conditions.ts';
import { requests } from '#rollback/inputs.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { missing } from './result-line.ts';
import { hasReturned, listed, mention, name, serviceName, type Told } from '../said.ts';
import { openQuestion } from '../thread/open-question.ts';
import { failedChecks } from './verification.ts';

/** What a person must look at although pods and health are watched on; undefined: nothing, or it is told with what did not return. */
function unease(rollback: Told): string | undefined {
  // The line above it says which, and what was seen.
  const failed = failedChecks(rollback).length;
  if (failed > 0) return failed === 1 ? 'a check failed' : `${failed} checks failed`;
  const need = trueCondition(rollback.status.conditions, 'NeedsPerson');
  if (need?.reason === 'HealthFailing') return 'health is failing';
  return need?.reason === 'PodsNotReady' ? 'not all pods are ready any more' : undefined;
}

/** "Monitoring for 15 minutes before marking resolved. Until 03:20 UTC."; once the time is over and the holder was asked, that. */
function watched(rollback: Told, whom: string, before: string): string {
  const { plan, monitoringUntil } = rollback.status;
  const period = minutes(plan.monitoringMinutes);
  const isAsked = openQuestion(rollback)?.ask === 'resolve';
  if (isAsked) return `Monitored ${whom}for ${period}, not resolved yet: asked in the thread.`;
  const until = monitoringUntil === undefined ? '' : ` Until ${timeForReader(monitoringUntil)}.`;
  return `Monitoring ${whom}for ${period}${before}.${until}`;
}

function monitoring(rollback: Told): string {
  const { status, spec } = rollback;
  const who = mention(rollback);
  const wrong = unease(rollback);
  if (wrong !== undefined) {
    const isAsked = openQuestion(rollback)?.ask === 'resolve';
    const until =
      status.monitoringUntil === undefined || isAsked ? '' : ` until ${timeForReader(status.monitoringUntil)}`;
    return `needs a person, NOT resolved by itself: ${wrong}. Pods and health are watched${until}. ${who}`;
  }
  const gone = missing(rollback);
  if (gone.length === 0) return `${watched(rollback, '', ' before marking resolved')} ${who}`;
  const back = status.targets.filter(({ state }) => state === 'Back').length;
  const others = watched(rollback, `the ${back} `, '');
  const open = gone
    .filter(({ state }) => state === 'NotBack' || state === 'Unknown')
    .map((t) => serviceName(t.service));
  if (open.length === 0) return `${others} ${who}`;
  const left = requests(spec, 'leave').at(-1);
  if (left) return `${others} Left as it is by ${name(left.by)}: ${listed(open)}. ${who}`;
  return `${others} ${listed(open)} ${open.length === 1 ? 'needs' : 'need'} a person: ${who}`;
}

/** Whole minutes without a need for a person before it was resolved. */
function stableMinutes({ conditions, outcomeAt, endedAt = '' }: RollbackStatus): number {
  const calmed = conditions.find(({ type, status }) => type === 'NeedsPerson' && status === 'False');
  const calmedMs = Date.parse(calmed?.lastTransitionTime ?? '');
  const fromMs = Math.max(Date.parse(outcomeAt ?? ''), Number.isNaN(calmedMs) ? 0 : calmedMs);
  return Math.max(0, Math.floor((Date.parse(endedAt) - fromMs) / 60_000) || 0);
}

function resolved({ spec, status }: Told): string {
  const at = timeForReader(status.endedAt);
  const by = requests(spec, 'resolve').at(-1)?.by;
  if (by) return `Resolved ${at} by ${name(by)}.`;
  const stable = stableMinutes(status);
  return `Resolved ${at}, ${stable === 0 ? 'every check is answered' : `stable for ${minutes(stable)}`}.`;
}

function superseded({ status }: Told): string {
  const had = status.targets.some((target) => hasReturned(status, target));
  const watch = had ? 'No longer monitored' : 'NOT monitored';
  return status.supersededBy === undefined
    ? `${watch}: another version was deployed since.`
    : `${watch}: superseded by rollback ${inline(status.supersededBy, 80)}.`;
}

/** What came back after the last word does not unmake it; whoever was called is told where to look. */
function ofFailed(rollback: Told): string {
  const { targets, outcomeAt = '' } = rollback.status;
  const who = mention(rollback);
  const isLate = ({ state, returnedAt = '' }: (typeof targets)[number]): boolean =>
    state === 'NotBack' && Date.parse(returnedAt) > Date.parse(outcomeAt);
  const late = targets.filter(isLate);
  if (late.length === 0) return `NOT monitoring, needs a person. ${who}`;
  const each = late.map((t) => `${serviceName(t.service)} at ${timeForReader(t.returnedAt)}`);
  const others = targets.filter((t) => t.state === 'NotBack' && !isLate(t)).map((t) => serviceName(t.service));
  const rest = others.length === 0 ? '' : ` ${listed(others)} ${others.length === 1 ? 'needs' : 'need'} a person.`;
  return `NOT monitoring. Came back by itself since: ${listed(each)}. Check it.${rest} ${who}`;
}

/** Without the word "Status:". */
export function statusLine(rollback: Told): string {
  switch (rollback.status.phase) {
    case 'Monitoring':
      return monitoring(rollback);
    case 'Resolved':
      return resolved(rollback);
    case 'Superseded':
      return superseded(rollback);
    case 'Failed':
      return ofFailed(rollback);
    case 'Cancelled':
      return `NOT monitored any more: the Rollback was deleted by hand. ${mention(rollback)}`;
    default:
      return `NOT monitoring, needs a person. ${mention(rollback)}`;
  }
}
