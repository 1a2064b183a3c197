/**
 * Did it work? Health of every service, then the outcome: COMPLETE, PARTIAL or FAILED. Monitoring begins unless a service that returned
 * answers badly; then a person is asked and health is read again each minute.
 */
import { requests } from '#rollback/inputs.ts';
import { HEALTH_INTERVAL_MS } from '#rollback/decide.ts';
import { withCondition } from '#rollback/conditions.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { HealthResult, RollbackStatus, TargetStatus } from '#rollback/status.ts';
import { withNeedsPerson } from './needs-person.ts';
import { observed, write } from './observe.ts';
import type { Covered } from './covered.ts';
import type { Again, Parts } from '../parts.ts';
import { withEntry } from './timeline.ts';

const TRIES = 3;

function named(targets: readonly TargetStatus[], state: TargetStatus['state']): string {
  return targets.flatMap((t) => (t.state === state ? [t.service] : [])).join(', ');
}

/** One sentence for `kubectl get rollbacks` and the audit. */
function outcomeMessage(targets: readonly TargetStatus[]): string {
  const back = targets.filter(({ state }) => state === 'Back').length;
  const parts = [`${back} of ${targets.length} returned`];
  for (const [state, words] of [
    ['NotBack', 'not returned'],
    ['Refused', 'not touched'],
    ['Superseded', 'changed by somebody else'],
    ['Unknown', 'not known'],
  ] as const) {
    const names = named(targets, state);
    if (names) parts.push(`${words}: ${names}`);
  }
  return parts.join('; ');
}

/** The first outcome; pure. */
export function withOutcome(status: RollbackStatus, at: string): RollbackStatus {
  if (status.outcomeAt !== undefined) return status;
  const back = status.targets.filter(({ state }) => state === 'Back').length;
  const all = back === status.targets.length;
  const message = outcomeMessage(status.targets);
  const complete = {
    type: 'Complete' as const,
    status: all ? ('True' as const) : ('False' as const),
    reason: all ? 'AllReturned' : 'NotAllReturned',
    message,
  };
  let conditions = withCondition(status.conditions, complete, at);
  if (!all && back > 0)
    conditions = withCondition(conditions, { type: 'Degraded', status: 'True', reason: 'SomeReturned', message }, at);
  return { ...status, message, conditions, outcomeAt: at };
}

function badHealth(status: RollbackStatus): boolean {
  const back = new Set(status.targets.filter(({ state }) => state === 'Back').map(({ service }) => service));
  return (status.verification?.health ?? []).some(({ service, result }) => result === 'fail' && back.has(service));
}

/** The phase after the outcome; pure. */
export function afterOutcome(status: RollbackStatus, at: string, nowMs: number): RollbackStatus {
  const back = status.targets.some(({ state }) => state === 'Back');
  if (status.targets.every(({ state }) => state === 'Cancelled' || state === 'Refused')) {
    const cancelled = status.targets.some(({ state }) => state === 'Cancelled');
    return {
      ...status,
      phase: cancelled ? 'Cancelled' : 'Refused',
      message: cancelled ? 'Cancelled. Nothing was touched.' : status.message,
      endedAt: at,
    };
  }
  if (!back) {
    const superseded =
      status.targets.some(({ state }) => state === 'Superseded') &&
      !status.targets.some(({ state }) => state === 'NotBack' || state === 'Unknown');
    return { ...status, phase: superseded ? 'Superseded' : 'Failed', endedAt: at };
  }
  if (badHealth(status)) return { ...status, phase: 'Verifying' };
  const minutes = status.plan?.monitoringMinutes ?? 15;
  return { ...status, phase: 'Monitoring', monitoringUntil: new Date(nowMs + minutes * 60_000).toISOString() };
}

/** Health read now, as the status holds it. */
export async function readHealth(
  rollback: Rollback,
  parts: Parts,
  signal: AbortSignal,
): Promise<{ at: string; health: HealthResult[] }> {
  const health = await parts.health(rollback, TRIES, signal);
  return { at: new Date(parts.clock.now()).toISOString(), health };
}

/** Names the newer rollback that changed a service, rather than the version it brought. */
function withTaker(status: RollbackStatus, covered: Covered): RollbackStatus {
  const taken = status.targets.filter(({ service, state }) => state === 'Superseded' && covered.has(service));
  const by = taken.map(({ service }) => covered.get(service)).at(-1);
  if (by === undefined) return status;
  const targets = status.targets.map((target) =>
    taken.includes(target) ? { ...target, detail: `taken over by ${covered.get(target.service)}` } : target,
  );
  return { ...status, targets, ...(taken.length === targets.length ? { supersededBy: by } : {}) };
}

/** Reads health and writes the outcome; repeated each minute while health of a returned service fails. */
export async function verify(rollback: Rollback, covered: Covered, parts: Parts, signal: AbortSignal): Promise<Again> {
  const status = rollback.status!;
  const nowMs = parts.clock.now();
  const isFirst = status.outcomeAt === undefined;
  const dueAt = Date.parse(status.verification?.at ?? '') + HEALTH_INTERVAL_MS;
  const isDue = isFirst || !(dueAt > nowMs);
  const seen = await observed(rollback, parts, signal);
  if (isFirst && seen.targets.some(({ state }) => state === 'Patched')) return { afterMs: 0 };
  const verification = isDue ? await readHealth(rollback, parts, signal) : status.verification;
  const at = new Date(parts.clock.now()).toISOString();
  let next = withOutcome({ ...withTaker(seen, covered), ...(verification ? { verification } : {}) }, at);
  next = afterOutcome(next, at, parts.clock.now());
  if (isFirst) next = { ...next, timeline: withEntry(next.timeline, at, `Outcome: ${next.message}.`) };
  else if (next.phase === 'Monitoring')
    next = { ...next, timeline: withEntry(next.timeline, at, 'Health is good again. Monitoring begins.') };
  await write(rollback, withNeedsPerson(rollback, next, parts.clock.now()), parts, signal);
  if (isFirst)
    parts.audit({
      event: 'rollback.outcome',
      rollback: rollback.metadata.name,
      phase: next.phase,
      message: next.message,
    });
  return { afterMs: next.phase === 'Verifying' ? HEALTH_INTERVAL_MS / 4 : 0 };
}

/** When the monitoring period ends, moved by each "Watch 15 more minutes". */
export function movedMonitoring(
  rollback: Rollback,
  status: RollbackStatus,
): Pick<RollbackStatus, 'monitoringUntil' | 'askedAt'> {
  const last = requests(rollback.spec, 'watch-longer').at(-1);
  const { monitoringUntil, askedAt } = status;
  const kept = { ...(monitoringUntil ? { monitoringUntil } : {}), ...(askedAt ? { askedAt } : {}) };
  if (!last || !monitoringUntil) return kept;
  const until = Date.parse(last.at) + (status.plan?.monitoringMinutes ?? 15) * 60_000;
  return until > Date.parse(monitoringUntil) ? { monitoringUntil: new Date(until).toISOString() } : kept;
}
