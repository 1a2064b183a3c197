/**
 * `spec` — what people want (design §2). Immutable except `inputs`, which only grows. Written by slack/ or by `kubectl create`.
 * Times are ISO 8601 in UTC.
 */
import { z } from 'zod';

export const MethodName = z.enum(['undo']);
export type MethodName = z.infer<typeof MethodName>;

/** The runbook's decision threshold, in its own words; the titles are in reason.ts. */
export const ReasonKind = z.enum(['error-rate', 'latency', 'health-check', 'alert', 'other']);
export type ReasonKind = z.infer<typeof ReasonKind>;

export const Reason = z.object({ kind: ReasonKind, text: z.string().max(3000).optional() });
export type Reason = z.infer<typeof Reason>;

/** A human. `id` decides (a Slack user id, or a Kubernetes user name for kubectl authors); `name` is only shown. */
export const Person = z.object({ id: z.string().min(1), name: z.string() });
export type Person = z.infer<typeof Person>;

export const Requester = Person.extend({ via: z.enum(['slack', 'kubectl', 'watcher']) });
export type Requester = z.infer<typeof Requester>;

/**
 * What the requester was shown: the template hash the service runs and the uid of the ReplicaSet it goes to; an empty `to` where there was
 * nothing to go back to, so the service must not go.
 */
export const Expected = z.object({ from: z.string(), to: z.string() });
export type Expected = z.infer<typeof Expected>;

export const Target = z.object({
  service: z.string().min(1),
  /** A revision number ("41") or an image tag ("v1.4.2"). Absent: the default target (design §5). */
  to: z.string().min(1).optional(),
  expected: Expected.optional(),
  /** Names of overridable blockers that the requester chose to override. */
  override: z.array(z.string()).optional(),
});
export type Target = z.infer<typeof Target>;

/** Where this rollback comes from: the way onward from anywhere is a new object. */
export const Parent = z.object({
  name: z.string(),
  uid: z.string(),
  relation: z.enum(['undo', 'retry', 'further-back']),
});
export type Parent = z.infer<typeof Parent>;

export const CheckAnswer = z.enum(['pass', 'fail', 'not-needed', 'open']);
export type CheckAnswer = z.infer<typeof CheckAnswer>;

const authored = { by: Person, at: z.iso.datetime() };
const text = z.string().max(500);

export const Input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('check'), ...authored, item: z.string(), answer: CheckAnswer, text: text.optional() }),
  z.object({ kind: z.literal('note'), ...authored, text, permalink: z.string().max(500).optional() }),
  z.object({
    kind: z.literal('request'),
    ...authored,
    /** cancel: before patches · wait-longer: 10 more minutes past the ETA · leave: accept what did not come back. */
    request: z.enum(['cancel', 'take-over', 'resolve', 'watch-longer', 'wait-longer', 'leave']),
    text: text.optional(),
  }),
]);
export type Input = z.infer<typeof Input>;

export const MAX_INPUTS = 300;

export const RollbackSpec = z.object({
  environment: z.string().min(1),
  method: MethodName.default('undo'),
  targets: z.array(Target).min(1).max(50),
  reason: Reason,
  requestedBy: Requester,
  parent: Parent.optional(),
  /** Plan, preflight and show; touch nothing. */
  dryRun: z.boolean().optional(),
  /** Practice: non-production only; no mention; every text begins "DRILL —". */
  drill: z.boolean().optional(),
  /** Key = hash of the interaction, so that a repeated merge patch changes nothing. */
  inputs: z.record(z.string(), Input).optional(),
});
export type RollbackSpec = z.infer<typeof RollbackSpec>;
