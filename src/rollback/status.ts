/** `status` — what happened (design §2). Written by the leader alone, every write fenced by `epoch`. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { Person } from './spec.ts';
import { Plan } from './plan.ts';

/** Raised whenever a field is added; the CRD carries the same number. A bot leaves objects of a newer schema alone. */
export const STATUS_SCHEMA = 2;

export const Phase = z.enum([
  'Pending',
  'RollingBack',
  'Verifying',
  'Monitoring',
  'Resolved',
  'Refused',
  'Cancelled',
  'Failed',
  'Superseded',
]);
export type Phase = z.infer<typeof Phase>;

/** Planned, Captured, Complete, Degraded (some came back, some did not), NeedsPerson, Stalled, Settled (nothing is left to do). */
export const ConditionType = z.enum([
  'Planned',
  'Captured',
  'Complete',
  'Degraded',
  'NeedsPerson',
  'Stalled',
  'Settled',
]);
export type ConditionType = z.infer<typeof ConditionType>;

export const Condition = z.object({
  type: ConditionType,
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.iso.datetime(),
});
export type Condition = z.infer<typeof Condition>;

/** Waiting: not patched yet · Back: the target version runs, all pods available · Superseded: somebody deployed something else. */
export const TargetState = z.enum([
  'Waiting',
  'Patched',
  'Back',
  'NotBack',
  'Refused',
  'Cancelled',
  'Superseded',
  'Unknown',
]);
export type TargetState = z.infer<typeof TargetState>;

export const TargetStatus = z.object({
  service: z.string(),
  state: TargetState,
  /** Pods of the target version that are ready, of those wanted. */
  ready: z.number().int().default(0),
  desired: z.number().int().default(0),
  /** One plain clause for a person: "pod …-7c9: image v1.7.0 not found". */
  detail: z.string().optional(),
  /** What holds it up that only a person may clear away: plain sentences with the command. */
  heldUpBy: z.string().max(500).optional(),
  /** Its revision number after the rollback, once the workload and its newest version agree on it. */
  revision: z.number().int().optional(),
  patchedAt: z.iso.datetime().optional(),
  /** When it was first seen Back: whatever happens to it later, it had returned. */
  returnedAt: z.iso.datetime().optional(),
  settledAt: z.iso.datetime().optional(),
});
export type TargetStatus = z.infer<typeof TargetStatus>;

/** An intent, and its result once known. An intent without a result is looked up (`find`), never blindly repeated. */
export const StepRecord = z.object({
  /** Also the last part of the operation id `<uid>/<id>/<attempt>`. */
  id: z.string(),
  service: z.string(),
  attempt: z.number().int(),
  intentAt: z.iso.datetime(),
  /** The method's step, JSON under the method's own schema. */
  step: z.unknown(),
  /** What the thread says once it is done; of further steps only, the first one tells by its target's state. */
  told: z.string().max(500).optional(),
  /** The method's receipt, JSON under the method's own schema. Present: done. */
  receipt: z.unknown().optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** `unknown` is never pass. */
export const CheckResult = z.enum(['pass', 'warn', 'fail', 'unknown']);
export type CheckResult = z.infer<typeof CheckResult>;

export const HealthResult = z.object({
  service: z.string(),
  result: CheckResult,
  /** "GET /health answered 503, 3 of 3 tries" · "unknown: gateway". */
  evidence: z.string(),
});
export type HealthResult = z.infer<typeof HealthResult>;

export const Verification = z.object({
  at: z.iso.datetime(),
  /** Every service of the environment, not only those rolled back: the runbook's first manual check asks for all. */
  health: z.array(HealthResult),
});
export type Verification = z.infer<typeof Verification>;

export const Evidence = z.object({
  /** ConfigMaps that hold what was captured, one per service. */
  configMaps: z.array(z.object({ service: z.string(), name: z.string() })),
  /** What could not be captured, in words: "auth-service: logs of pod …-7c9 (timed out)". */
  missing: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

export const TimelineEntry = z.object({
  at: z.iso.datetime(),
  /** A plain sentence. */
  text: z.string().max(500),
  by: Person.optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;
export const MAX_TIMELINE = 200;

/** One Slack message. `intent` is written before the post; `ts` after. `hash` is that of the rendered content last accepted by Slack. */
export const SlackSlot = z.object({
  channel: z.string(),
  state: z.enum(['intent', 'sent']),
  at: z.iso.datetime(),
  ts: z.string().optional(),
  hash: z.string().optional(),
});
export type SlackSlot = z.infer<typeof SlackSlot>;

export const RollbackStatus = z.object({
  schema: z.number().int(),
  /** The leader's term: leaseTransitions when it took over. */
  epoch: z.number().int(),
  phase: Phase,
  /** One sentence for `kubectl get rollbacks`. */
  message: z.string().default(''),
  conditions: z.array(Condition).default([]),
  plan: Plan.optional(),
  targets: z.array(TargetStatus).default([]),
  steps: z.array(StepRecord).default([]),
  /** Health as it was before the patches. */
  before: Verification.optional(),
  verification: Verification.optional(),
  evidence: Evidence.optional(),
  timeline: z.array(TimelineEntry).default([]),
  slack: z.record(z.string(), SlackSlot).default({}),
  /** When the patches went out. */
  startedAt: z.iso.datetime().optional(),
  /** When the targets were last looked at, as told by "As of". */
  observedAt: z.iso.datetime().optional(),
  /** Past this a person is asked; moved by "Wait 10 more minutes". */
  etaAt: z.iso.datetime().optional(),
  /** When the first outcome was known. */
  outcomeAt: z.iso.datetime().optional(),
  monitoringUntil: z.iso.datetime().optional(),
  /** The monitoring period ended and a person was asked, once, whether to resolve. */
  askedAt: z.iso.datetime().optional(),
  /** A restart of the bot was noticed while work was under way. */
  resumedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** The newer rollback, or forward fix, that ended this one. */
  supersededBy: z.string().optional(),
});
export type RollbackStatus = z.infer<typeof RollbackStatus>;

const ENDED: ReadonlySet<Phase> = new Set(['Resolved', 'Refused', 'Cancelled', 'Failed', 'Superseded']);

/** No further phase follows. Messages may still have to catch up until Settled. */
export function hasEnded(phase: Phase): boolean {
  return ENDED.has(phase);
}
