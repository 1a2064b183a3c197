/**
 * From nothing to RollingBack: plan, ask who may, and open it in the one status write that stands between create and the patches
 * (plan and all intents in one, design §5 "The fast path").
 */
import { START_WITHIN_MS } from '#rollback/decide.ts';
import { type Refusal, TerminalError } from '#rollback/failure.ts';
import type { PlanRequest } from '#rollback/ports.ts';
import { going, type Plan } from '#rollback/plan.ts';
import { operationId, type Rollback } from '#rollback/rollback.ts';
import { withCondition } from '#rollback/conditions.ts';
import {
  type Phase,
  type RollbackStatus,
  type StepRecord,
  STATUS_SCHEMA,
  type TargetStatus,
} from '#rollback/status.ts';
import { ConflictError } from '#store/fence.ts';
import type { Again, Parts } from '../parts.ts';
import { delayed, MembershipUnknownError, withoutDelay } from './delay.ts';
import { withEntry } from './timeline.ts';

const NO_DRILL: Refusal = {
  reason: 'DrillInProduction',
  message: 'Drills are not for production. Choose another environment.',
};

/** Why it must not begin any more; undefined: it may. Pure. */
export function tooLate({ metadata }: Rollback, nowMs: number): Refusal | undefined {
  const waitedMs = nowMs - Date.parse(metadata.creationTimestamp);
  if (!(waitedMs > START_WITHIN_MS)) return undefined;
  const minutes = Math.round(waitedMs / 60_000);
  const message = `It was asked for ${minutes} minutes ago and could not be started until now. Ask again if it is still wanted.`;
  return { reason: 'TooLate', message };
}

/** The status to go on from: what was told of a delay stays. */
export function beginning({ status }: Rollback, epoch: number): RollbackStatus {
  if (status !== undefined) return status;
  return {
    schema: STATUS_SCHEMA,
    epoch,
    phase: 'Pending',
    message: '',
    conditions: [],
    targets: [],
    steps: [],
    timeline: [],
    slack: {},
  };
}

function targetsOf(plan: Plan): TargetStatus[] {
  return plan.services.map(({ service, refused: why }) => ({
    service,
    state: why ? 'Refused' : 'Waiting',
    ready: 0,
    desired: 0,
    ...(why ? { detail: why.message } : {}),
  }));
}

function versions(plan: Plan): string {
  return going(plan)
    .map((s) => `${s.service} (${s.from?.version ?? '?'} → ${s.to?.version ?? '?'})`)
    .join(', ');
}

function refused(base: RollbackStatus, at: string, refusal: Refusal): RollbackStatus {
  return {
    ...base,
    phase: 'Refused',
    message: refusal.message,
    conditions: withCondition(base.conditions, { type: 'Planned', status: 'False', ...refusal }, at),
    timeline: withEntry(base.timeline, at, `Refused: ${refusal.message} Nothing was touched.`),
    endedAt: at,
  };
}

/** The status that opens the rollback, or ends it at once; pure. */
export function opening(
  rollback: Rollback,
  plan: Plan,
  steps: Map<string, unknown[]>,
  epoch: number,
  at: string,
): RollbackStatus {
  const base = { ...withoutDelay(beginning(rollback, epoch), at), plan, targets: targetsOf(plan) };
  if (going(plan).length === 0) {
    const only = plan.services.map(({ service, refused: r }) => `${service}: ${r?.message ?? 'no target'}`).join(' ');
    return refused(base, at, { reason: 'NothingToRollBack', message: only });
  }
  const conditions = withCondition(
    base.conditions,
    { type: 'Planned', status: 'True', reason: 'Planned', message: versions(plan) },
    at,
  );
  if (rollback.spec.dryRun) {
    const message = `Dry run, nothing was touched. Would roll back ${versions(plan)}.`;
    const settled = withCondition(conditions, { type: 'Settled', status: 'True', reason: 'DryRun', message: '' }, at);
    return { ...base, phase: 'Resolved', message, conditions: settled, endedAt: at };
  }
  const records: StepRecord[] = going(plan).flatMap(({ service }) =>
    (steps.get(service) ?? []).map((step, i) => ({
      id: i === 0 ? service : `${service}.${i}`,
      service,
      attempt: 1,
      intentAt: at,
      step,
    })),
  );
  const by = rollback.spec.requestedBy;
  return {
    ...base,
    phase: 'RollingBack',
    message: `Rolling back ${versions(plan)}`,
    conditions,
    steps: records,
    timeline: withEntry(base.timeline, at, `Started: ${versions(plan)}.`, { id: by.id, name: by.name }),
    startedAt: at,
    etaAt: new Date(Date.parse(at) + plan.etaMinutes * 60_000).toISOString(),
  };
}

/** Others that this term began with earlier and that do not show it yet: of two in one instant, one goes. */
export function begunBefore(
  begun: Set<string>,
  name: string,
  phaseOf: (name: string) => Phase | undefined,
): Set<string> {
  for (const other of begun) if ((phaseOf(other) ?? 'Pending') !== 'Pending') begun.delete(other);
  begun.add(name);
  const all = [...begun];
  return new Set(all.slice(0, all.indexOf(name)));
}

/** The plan, a refusal in its place, or why there is neither yet. */
type Answer = { plan: Plan; steps: Map<string, unknown[]> } | { refusal: Refusal } | { failure: unknown };

async function planned(request: PlanRequest, parts: Parts, signal: AbortSignal): Promise<Answer> {
  try {
    return await parts.planSteps(request, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TerminalError)) return { failure: error };
    return { refusal: { reason: error.reason, message: error.message } };
  }
}

/** Made with kubectl, it has no finalizer yet. What keeps it from getting one never keeps a rescue. */
async function held(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Rollback> {
  try {
    return await parts.store.hold(rollback, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConflictError) throw error;
    parts.log.warn('a rollback is not held by a finalizer', { rollback: rollback.metadata.name, error: String(error) });
    return rollback;
  }
}

/** Why it must not go; undefined: it may. */
function refusalOf(rollback: Rollback, answer: Answer, forbidden: Refusal | undefined, nowMs: number) {
  const late = tooLate(rollback, nowMs);
  if (late) return late;
  if ('refusal' in answer) return answer.refusal;
  if (forbidden) return forbidden;
  const isProduction = 'plan' in answer && answer.plan.environment.production;
  return rollback.spec.drill && isProduction ? NO_DRILL : undefined;
}

/**
 * Plans and opens, or refuses. Rejects with ConflictError when somebody added an input meanwhile: decide anew; and with what keeps it from
 * being planned: that may pass, so it is tried again, and told when it takes long.
 */
export async function begin(asked: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const { spec, metadata } = asked;
  const request = {
    environment: spec.environment,
    method: spec.method,
    targets: spec.targets,
    self: metadata.name,
    begunBefore: begunBefore(parts.memory.begun, metadata.name, (name) => parts.store.get(name)?.status?.phase),
  };
  const [rollback, answer, forbidden] = await Promise.all([
    held(asked, parts, signal),
    planned(request, parts, signal),
    parts.permission.mayStill(spec.requestedBy, spec.environment, signal),
  ]);
  const nowMs = parts.clock.now();
  const at = new Date(nowMs).toISOString();
  const base = beginning(rollback, parts.epoch);
  const refusal = refusalOf(rollback, answer, forbidden, nowMs);
  // Slack did not say who is in a group: that may pass, so it is asked again rather than refused.
  if (refusal?.reason === 'MembershipUnknown')
    return delayed(new MembershipUnknownError(), { rollback, request, base }, parts, signal);
  if (!refusal && 'failure' in answer) return delayed(answer.failure, { rollback, request, base }, parts, signal);
  const refusing = (why: Refusal): RollbackStatus => {
    const plan = 'plan' in answer && why === refusal ? answer.plan : parts.unplanned(request, why);
    const targets = targetsOf(plan).map((t): TargetStatus => ({ ...t, state: 'Refused', detail: why.message }));
    return refused({ ...withoutDelay(base, at), plan, targets }, at, why);
  };
  const write = (status: RollbackStatus): Promise<Rollback> =>
    parts.store.patchStatus(rollback, status, { epoch: parts.epoch, ifUnchanged: true }, signal);
  let status =
    !refusal && 'plan' in answer ? opening(rollback, answer.plan, answer.steps, parts.epoch, at) : refusing(refusal!);
  try {
    await write(status);
    // Only what this write put there: another leader's intents are called the same, and may have been acted on.
    for (const { id, attempt } of status.steps) parts.memory.fresh.add(operationId(metadata.uid, id, attempt));
  } catch (error) {
    // The API server refuses what was to be written, a plan too large for one: nothing is begun that it cannot hold. That the bot may
    // not write is no such verdict: roles are changed back, and the pass is repeated.
    const isUnfit = error instanceof TerminalError && error.reason !== 'Forbidden';
    if (!isUnfit || status.phase === 'Refused') throw error;
    status = refusing({ reason: error.reason, message: error.message });
    await write(status);
  }
  parts.audit({
    event: `rollback.${status.phase}`,
    rollback: metadata.name,
    by: spec.requestedBy.id,
    message: status.message,
  });
  return { afterMs: 0 };
}

/** Ends a rollback that somebody cancelled before anything was touched. */
export async function cancel(
  rollback: Rollback,
  by: { id: string; name: string },
  parts: Parts,
  signal: AbortSignal,
): Promise<Again> {
  const at = new Date(parts.clock.now()).toISOString();
  const { spec, metadata } = rollback;
  const base = withoutDelay(beginning(rollback, parts.epoch), at);
  const message = `Cancelled by ${by.name}. Nothing was touched.`;
  const request = { environment: spec.environment, method: spec.method, targets: spec.targets, self: metadata.name };
  const status: RollbackStatus = {
    ...base,
    plan: base.plan ?? parts.unplanned(request),
    phase: 'Cancelled',
    message,
    targets: base.targets.map((target) => ({ ...target, state: 'Cancelled' })),
    timeline: withEntry(base.timeline, at, 'Cancelled before anything was touched.', by),
    endedAt: at,
  };
  await parts.store.patchStatus(rollback, status, { epoch: parts.epoch, ifUnchanged: true }, signal);
  parts.audit({ event: 'rollback.Cancelled', rollback: metadata.name, by: by.id });
  return { afterMs: 0 };
}
