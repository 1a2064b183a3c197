/**
 * The Rollback was deleted by hand while it was under way: nothing more is done, what was done stays, and both are told. The finalizer
 * holds the object until Slack shows it.
 */
import { withCondition } from '#rollback/conditions.ts';
import type { Plan } from '#rollback/plan.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackStatus, TargetStatus } from '#rollback/status.ts';
import { beginning } from './begin.ts';
import { withoutDelay } from './delay.ts';
import type { Again, Parts } from '../parts.ts';
import { withEntry } from './timeline.ts';

const DETAIL = 'the Rollback was deleted';

function left(target: TargetStatus, at: string): TargetStatus {
  if (target.state === 'Waiting') return { ...target, state: 'Cancelled', detail: DETAIL, settledAt: at };
  if (target.state === 'Patched') return { ...target, state: 'Unknown', detail: `patched; ${DETAIL}`, settledAt: at };
  return target;
}

function named(targets: readonly TargetStatus[], state: TargetStatus['state'], words: string): string[] {
  const names = targets.flatMap((t) => (t.state === state ? [t.service] : []));
  return names.length === 0 ? [] : [`${words}: ${names.join(', ')}.`];
}

/** What stays behind, as sentences. */
function whatStays(targets: readonly TargetStatus[]): string {
  if (targets.every(({ patchedAt }) => patchedAt === undefined)) return 'Nothing was touched.';
  return [
    ...named(targets, 'Unknown', 'Patched, and not followed any more'),
    ...named(targets, 'Back', 'Back, and not watched any more'),
    ...named(targets, 'NotBack', 'NOT back'),
    ...named(targets, 'Cancelled', 'Not touched'),
  ].join(' ');
}

/** The last status of a deleted rollback; pure. `plan`: what messages need where none was made. */
export function abandoned(status: RollbackStatus, plan: Plan, at: string): RollbackStatus {
  const targets = status.targets.map((target) => left(target, at));
  const message = `The Rollback was deleted by hand. ${whatStays(targets)}`;
  const isAsked = status.conditions.some(({ type, status: s }) => type === 'NeedsPerson' && s === 'True');
  const calm = { type: 'NeedsPerson' as const, status: 'False' as const, reason: 'Deleted', message: '' };
  const { conditions } = withoutDelay(status, at);
  return {
    ...status,
    phase: 'Cancelled',
    plan: status.plan ?? plan,
    targets,
    message,
    conditions: isAsked ? withCondition(conditions, calm, at) : conditions,
    timeline: withEntry(status.timeline, at, message),
    endedAt: at,
  };
}

/** Rejects with ConflictError when anything changed meanwhile: decide anew. */
export async function abandon(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const { spec, metadata } = rollback;
  const request = { environment: spec.environment, method: spec.method, targets: spec.targets, self: metadata.name };
  const at = new Date(parts.clock.now()).toISOString();
  const status = abandoned(beginning(rollback, parts.epoch), parts.unplanned(request), at);
  await parts.store.patchStatus(rollback, status, { epoch: parts.epoch, ifUnchanged: true }, signal);
  parts.audit({ event: 'rollback.Deleted', rollback: metadata.name, message: status.message });
  return { afterMs: 0 };
}
