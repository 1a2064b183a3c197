/** The 15 minutes after the outcome: pods and health are watched; then it resolves by itself or asks, once. */
import { HEALTH_INTERVAL_MS } from '#rollback/decide.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Person } from '#rollback/spec.ts';
import type { RollbackStatus, TargetStatus } from '#rollback/status.ts';
import { withCondition } from '#rollback/conditions.ts';
import type { Covered } from './covered.ts';
import { cutDown } from './cut-down.ts';
import { needsPerson, withNeedsPerson } from './needs-person.ts';
import { changedFields, observed, write } from './observe.ts';
import { type Again, forget, type Parts } from '../parts.ts';
import { withEntry } from './timeline.ts';
import { movedMonitoring, readHealth } from './verify.ts';

const LOOK_INTERVAL_MS = 5000;
/** Health is read each minute: a longer gap was not a slow read, nobody watched. */
const ABSENCE_MS = 3 * 60_000;

/** What a newer rollback took over is not looked at any more: what it does there is no change by somebody else. */
function withCovered(rollback: Rollback, covered: Covered, at: string): Rollback {
  const status = rollback.status!;
  const isTaken = ({ service, state }: TargetStatus): boolean =>
    covered.has(service) && (state === 'Back' || state === 'NotBack');
  const taken = status.targets.filter(isTaken);
  if (taken.length === 0) return rollback;
  const targets = status.targets.map((target) =>
    isTaken(target)
      ? {
          ...target,
          state: 'Superseded' as const,
          detail: `taken over by ${covered.get(target.service)}`,
          settledAt: at,
        }
      : target,
  );
  const each = taken.map(({ service }) => `${service} by ${covered.get(service)}`);
  const timeline = withEntry(status.timeline, at, `Taken over by a newer rollback: ${each.join(', ')}.`);
  return { ...rollback, status: { ...status, targets, timeline } };
}

/** `askedAt` disappears when the period was prolonged, so the whole field has to be written. */
function asked(status: RollbackStatus, moved: Pick<RollbackStatus, 'monitoringUntil' | 'askedAt'>): RollbackStatus {
  const { askedAt: _asked, monitoringUntil: _until, ...rest } = status;
  return { ...rest, ...moved };
}

/** What a new leader writes when nobody watched for a while: that time does not count as stable, so the period ends later. Pure. */
export function afterAbsence(status: RollbackStatus, nowMs: number): Partial<RollbackStatus> {
  const { phase, monitoringUntil, verification, askedAt } = status;
  const awayMs = nowMs - Date.parse(verification?.at ?? '');
  if (phase !== 'Monitoring' || monitoringUntil === undefined || askedAt !== undefined || !(awayMs > ABSENCE_MS))
    return {};
  const until = new Date(Date.parse(monitoringUntil) + awayMs).toISOString();
  const text = `The bot was away for ${Math.round(awayMs / 60_000)} minutes and watched nothing; monitoring ends that much later.`;
  return { monitoringUntil: until, timeline: withEntry(status.timeline, new Date(nowMs).toISOString(), text) };
}

/** One look. Ends as Superseded when nothing is left to watch because somebody deployed something else. */
export async function monitor(rollback: Rollback, covered: Covered, parts: Parts, signal: AbortSignal): Promise<Again> {
  const status = rollback.status!;
  const nowMs = parts.clock.now();
  const at = new Date(nowMs).toISOString();
  const seen = await observed(withCovered(rollback, covered, at), parts, signal);
  const isDue = !(Date.parse(status.verification?.at ?? '') + HEALTH_INTERVAL_MS > nowMs);
  const verification = isDue ? await readHealth(rollback, parts, signal) : status.verification;
  const next = asked({ ...seen, ...(verification ? { verification } : {}) }, movedMonitoring(rollback, status));
  if (!next.targets.some(({ state }) => state === 'Back')) {
    await write(
      rollback,
      ended(next, 'Superseded', 'Every service that returned was changed since.', at),
      parts,
      signal,
    );
    return { afterMs: 0 };
  }
  const whole = withNeedsPerson(rollback, next, nowMs);
  if (Object.keys(changedFields(status, whole)).length > 0) await write(rollback, whole, parts, signal);
  const leftMs = Date.parse(whole.monitoringUntil ?? '') - nowMs;
  return { afterMs: leftMs > 0 ? Math.min(LOOK_INTERVAL_MS, leftMs) : LOOK_INTERVAL_MS };
}

/** The status with a last phase; pure. */
export function ended(
  status: RollbackStatus,
  phase: 'Resolved' | 'Superseded',
  message: string,
  at: string,
  by?: Person,
): RollbackStatus {
  const calm = status.conditions.some(({ type, status: s }) => type === 'NeedsPerson' && s === 'True')
    ? withCondition(status.conditions, { type: 'NeedsPerson', status: 'False', reason: phase, message: '' }, at)
    : status.conditions;
  return {
    ...status,
    phase,
    message,
    conditions: calm,
    endedAt: at,
    timeline: withEntry(status.timeline, at, message, by),
  };
}

/** Asks the holder, once, whether to resolve. */
export async function ask(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const at = new Date(parts.clock.now()).toISOString();
  await write(rollback, { ...rollback.status!, askedAt: at }, parts, signal);
  return { afterMs: 0 };
}

/**
 * Whether this last look may be the last word: what was deployed while nobody watched is told first, and by itself it ends only where nobody
 * has to see anything, pods that are missing again least of all. Pure.
 */
export function mayEnd(rollback: Rollback, seen: RollbackStatus, by: Person | undefined, nowMs: number): boolean {
  const isMoved = seen.targets.some(({ state }, i) => state !== rollback.status!.targets[i]?.state);
  return !isMoved && (by !== undefined || needsPerson(rollback, seen, nowMs) === undefined);
}

/** Marks it resolved: by a person, or by itself after a stable period with every check answered well. */
export async function resolve(
  rollback: Rollback,
  { by, covered }: { by: Person | undefined; covered: Covered },
  parts: Parts,
  signal: AbortSignal,
): Promise<Again> {
  const status = rollback.status!;
  const at = new Date(parts.clock.now()).toISOString();
  const seen = await observed(withCovered(rollback, covered, at), parts, signal);
  if (!mayEnd(rollback, seen, by, parts.clock.now())) return monitor(rollback, covered, parts, signal);
  const minutes = status.plan?.monitoringMinutes ?? 15;
  const message = by ? `Marked resolved by ${by.name}.` : `Resolved, stable for ${minutes} minutes.`;
  await write(rollback, ended(status, 'Resolved', message, at, by), parts, signal);
  parts.audit({ event: 'rollback.Resolved', rollback: rollback.metadata.name, by: by?.id ?? 'bot' });
  return { afterMs: 0 };
}

/** Ends a monitored rollback because a newer one took all its services over. */
export async function supersede(rollback: Rollback, by: string, parts: Parts, signal: AbortSignal): Promise<Again> {
  const at = new Date(parts.clock.now()).toISOString();
  const next = ended(rollback.status!, 'Superseded', `Superseded by rollback ${by}.`, at);
  await write(rollback, { ...next, supersededBy: by }, parts, signal);
  return { afterMs: 0 };
}

/** Nothing is left to do: Slack shows what it should. The object is never rendered again, and cut to what is worth keeping. */
export async function settle(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const at = new Date(parts.clock.now()).toISOString();
  const status = rollback.status!;
  const settled = { type: 'Settled' as const, status: 'True' as const, reason: 'Done', message: '' };
  const conditions = withCondition(status.conditions, settled, at);
  const changed = changedFields(status, cutDown({ ...status, conditions }));
  // What somebody added meanwhile has to be told first.
  await parts.store.patchStatus(rollback, changed, { epoch: parts.epoch, ifUnchanged: true }, signal);
  forget(parts.memory, rollback.metadata.uid);
  return {};
}
