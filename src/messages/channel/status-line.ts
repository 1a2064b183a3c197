/** The "Status:" line of the outcome, edited to the end: monitored until when, resolved by whom, or who is needed. */
import { minutes, timeForReader } from '#blocks/time.ts';
import { inline } from '#blocks/escape.ts';
import { trueCondition } from '#rollback/conditions.ts';
import { requests } from '#rollback/inputs.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { missing } from './result-line.ts';
import { hasReturned, listed, mention, name, serviceName, type Told } from '../said.ts';
import { failedChecks } from './verification.ts';

/** What a person must look at although pods and health are watched on; undefined: nothing, or it is told with what did not return. */
function unease(rollback: Told): string | undefined {
  const failed = failedChecks(rollback);
  if (failed.length > 0) return `a check failed: ${listed(failed, '; ', 400)}`;
  const need = trueCondition(rollback.status.conditions, 'NeedsPerson');
  if (need?.reason === 'HealthFailing') return 'health is failing';
  return need?.reason === 'PodsNotReady' ? 'not all pods are ready any more' : undefined;
}

function monitoring(rollback: Told): string {
  const { status, spec } = rollback;
  const wrong = unease(rollback);
  if (wrong !== undefined) {
    const until =
      status.monitoringUntil === undefined
        ? ''
        : ` Pods and health are watched until ${timeForReader(status.monitoringUntil)}.`;
    return `needs a person, NOT resolved by itself: ${wrong}.${until} ${mention(rollback)}`;
  }
  const period = minutes(status.plan.monitoringMinutes);
  const until = status.monitoringUntil === undefined ? '' : ` Until ${timeForReader(status.monitoringUntil)}.`;
  const gone = missing(rollback);
  if (gone.length === 0) return `Monitoring for ${period} before marking resolved.${until} ${mention(rollback)}`;
  const back = status.targets.filter(({ state }) => state === 'Back').length;
  const watched = `Monitoring the ${back} for ${period}.${until}`;
  const open = gone
    .filter(({ state }) => state === 'NotBack' || state === 'Unknown')
    .map((t) => serviceName(t.service));
  if (open.length === 0) return `${watched} ${mention(rollback)}`;
  const left = requests(spec, 'leave').at(-1);
  if (left) return `${watched} Left as it is by ${name(left.by)}: ${listed(open)}. ${mention(rollback)}`;
  return `${watched} ${listed(open)} ${open.length === 1 ? 'needs' : 'need'} a person: ${mention(rollback)}`;
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

/** Without the word "Status:". */
export function statusLine(rollback: Told): string {
  switch (rollback.status.phase) {
    case 'Monitoring':
      return monitoring(rollback);
    case 'Resolved':
      return resolved(rollback);
    case 'Superseded':
      return superseded(rollback);
    default:
      return `NOT monitoring, needs a person. ${mention(rollback)}`;
  }
}
