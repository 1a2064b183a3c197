/** What a person must decide, derived anew in each pass; the most pressing first. Pure. */
import { checklistAnswers, requests } from '#rollback/inputs.ts';
import { withCondition } from '#rollback/conditions.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import type { NeedsPersonReason } from '#rollback/reasons-of-conditions.ts';

export interface NeedsPerson {
  reason: NeedsPersonReason;
  message: string;
}

function pastEta(status: RollbackStatus, nowMs: number): NeedsPerson | undefined {
  const late = status.targets.filter(({ state }) => state === 'Patched' || state === 'Waiting');
  if (late.length === 0 || status.etaAt === undefined || nowMs < Date.parse(status.etaAt)) return undefined;
  const each = late.map(
    (t) => `${t.service} is past its ETA: ${t.ready} of ${t.desired} pods ready${t.detail ? `; ${t.detail}` : ''}`,
  );
  return { reason: 'PastEta', message: `${each.join('. ')}.` };
}

function notBack(rollback: Rollback, status: RollbackStatus): NeedsPerson | undefined {
  if (status.outcomeAt === undefined || requests(rollback.spec, 'leave').length > 0) return undefined;
  const missing = status.targets.filter(({ state }) => state === 'NotBack' || state === 'Unknown');
  if (missing.length === 0) return undefined;
  const each = missing.map((t) => {
    const pods = t.state === 'Unknown' ? 'not known' : `${t.ready} of ${t.desired} pods ready`;
    return `${t.service}: ${pods}${t.detail ? `; ${t.detail}` : ''}`;
  });
  return { reason: 'NotBack', message: `Not returned: ${each.join('. ')}.` };
}

function relapsed(status: RollbackStatus): NeedsPerson | undefined {
  const shaky = status.targets.filter(
    (t) => t.state === 'Back' && t.ready < t.desired && status.outcomeAt !== undefined,
  );
  if (shaky.length === 0) return undefined;
  const each = shaky.map(
    (t) => `${t.service}: ${t.ready} of ${t.desired} pods ready${t.detail ? `; ${t.detail}` : ''}`,
  );
  return { reason: 'PodsNotReady', message: `${each.join('. ')}.` };
}

function unhealthy(status: RollbackStatus): NeedsPerson | undefined {
  const back = new Set(status.targets.filter(({ state }) => state === 'Back').map(({ service }) => service));
  const failing = (status.verification?.health ?? []).filter((h) => h.result === 'fail' && back.has(h.service));
  if (failing.length === 0) return undefined;
  return { reason: 'HealthFailing', message: `${failing.map((h) => `${h.service}: ${h.evidence}`).join('. ')}.` };
}

function checkFailed(rollback: Rollback, status: RollbackStatus): NeedsPerson | undefined {
  const failed = checklistAnswers(status.plan?.checklist ?? [], rollback.spec).filter((a) => a.answer === 'fail');
  if (failed.length === 0) return undefined;
  const each = failed.map((a) => `${a.item.text}${a.text ? ` (${a.text})` : ''}`);
  return { reason: 'CheckFailed', message: `A check failed: ${each.join('; ')}.` };
}

function heldUp({ targets }: RollbackStatus): NeedsPerson | undefined {
  const each = targets.flatMap(({ service, state, heldUpBy }) =>
    state === 'Patched' && heldUpBy !== undefined ? [`${service}: ${heldUpBy}`] : [],
  );
  return each.length === 0 ? undefined : { reason: 'HeldUp', message: each.join('\n') };
}

/** undefined: nothing needs a person now. */
export function needsPerson(rollback: Rollback, status: RollbackStatus, nowMs: number): NeedsPerson | undefined {
  return (
    heldUp(status) ??
    pastEta(status, nowMs) ??
    notBack(rollback, status) ??
    unhealthy(status) ??
    checkFailed(rollback, status) ??
    relapsed(status)
  );
}

/** The status with its NeedsPerson condition as it must be now. */
export function withNeedsPerson(rollback: Rollback, status: RollbackStatus, nowMs: number): RollbackStatus {
  const need = needsPerson(rollback, status, nowMs);
  const at = new Date(nowMs).toISOString();
  if (!need && !status.conditions.some(({ type }) => type === 'NeedsPerson')) return status;
  const condition = need
    ? { type: 'NeedsPerson' as const, status: 'True' as const, ...need }
    : { type: 'NeedsPerson' as const, status: 'False' as const, reason: 'Answered', message: '' };
  return { ...status, conditions: withCondition(status.conditions, condition, at) };
}
