/**
 * What the rooms ask of each other, as interfaces; main.ts joins them. Every call takes an abort signal and has a timeout of its own.
 * A rejection is an outage (nothing is known to have changed) unless said otherwise.
 */
import type { Refusal } from './failure.ts';
import type { Plan, Version } from './plan.ts';
import type { Rollback } from './rollback.ts';
import type { Input, MethodName, Person, RollbackSpec, Target } from './spec.ts';

/** Time comes in by parameter. `now` is wall time in ms and may be moved by tests; `monotonic` in ms only ever goes forward by itself. */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Resolves after ms of wall time (so that skipping time wakes it); rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export type CreateResult =
  | { outcome: 'created'; rollback: Rollback }
  /** The same spec stood already under that name: the same rollback. */
  | { outcome: 'same'; rollback: Rollback }
  /** Another spec stands under that name. */
  | { outcome: 'different'; rollback: Rollback };

/** Rollbacks in the home cluster. `list` and `get` answer from the watch; `create` and `addInput` go to the API server. */
export interface Rollbacks {
  /** Newest first. */
  list(): Rollback[];
  get(name: string): Rollback | undefined;
  /** False until the first list is complete, or while the API server has not answered for longer than a minute. */
  isFresh(): boolean;
  /** Objects that this version leaves alone: what a newer bot wrote, or what nobody can read. `message`: why, as a sentence. */
  setAside(): { name: string; message: string }[];
  /** Safe to repeat: a repeated name with the same spec is `same`. Rejects with UnavailableError when the API server did not answer. */
  create(name: string, spec: RollbackSpec, signal: AbortSignal): Promise<CreateResult>;
  /**
   * A merge patch of one key of `spec.inputs`: safe to repeat. Rejects with NotFoundError when the object is gone. With `stands` only where
   * that is true of the very version it is added to; otherwise nothing is written, and it resolves with that version, without the key.
   */
  addInput(
    name: string,
    key: string,
    input: Input,
    signal: AbortSignal,
    stands?: (rollback: Rollback) => boolean,
  ): Promise<Rollback>;
}

/** The outside system did not answer, or not in time. What was sent may or may not have been done. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}

/** The object does not exist. */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
}

export interface PlanRequest {
  environment: string;
  method: MethodName;
  targets: readonly Target[];
  /** Ignore this rollback when looking for others of the same service (the object being planned). */
  self?: string;
  /** Rollbacks that the same leader began with before this one; of others that are still Pending none counts. Without it the older ones count. */
  begunBefore?: ReadonlySet<string>;
}

/** What would happen, and what could go wrong. Reads only; used by the form's preview and by the controller alike. */
export interface Planner {
  /** Never rejects for one service's sake: what cannot be planned is refused in `services`. */
  plan(request: PlanRequest, signal: AbortSignal): Promise<Plan>;
  /** Versions of a service that still exist, newest first, the current one included and marked. */
  history(environment: string, service: string, signal: AbortSignal): Promise<HistoryEntry[]>;
  /** Services whose current version was deployed at or after `since` (ms). */
  deployedSince(environment: string, since: number, signal: AbortSignal): Promise<string[]>;
}

export interface HistoryEntry extends Version {
  current: boolean;
  /** The newest earlier version that ran well and was not left: the default target. */
  lastKnownGood: boolean;
}

/** Who may. Fails closed: when membership cannot be read, the answer is a Refusal that says so. */
export interface Permission {
  /** undefined: may. Guests and people of other workspaces never may. */
  mayRollBack(
    person: Person & { via?: string },
    environment: string,
    signal: AbortSignal,
  ): Promise<Refusal | undefined>;
  /**
   * The same, asked again of what was accepted already, or came through Kubernetes: while Slack does not answer, what it said within the last
   * 24 hours counts.
   */
  mayStill(person: Person & { via?: string }, environment: string, signal: AbortSignal): Promise<Refusal | undefined>;
}

/** A change of the outside world. Everything that is not a read goes through `Perform` as one of these (design §4, §6). */
export interface Effect<Result> {
  /** "workload.patch", "slack.post": stable, named in audit lines and crash tests. */
  kind: string;
  /** The operation id or slot key. */
  id: string;
  /** Name of the Rollback it belongs to. */
  rollback: string;
  /** The intent was written in an earlier attempt, so the effect may stand already: look before acting. */
  lookFirst: boolean;
  /** Reads only. */
  find(signal: AbortSignal): Promise<Result | 'absent' | 'unknown'>;
  /** What has to be read before it acts and may take a while: done between the look-up and the last look at the lease. */
  prepare?(signal: AbortSignal): Promise<void>;
  act(signal: AbortSignal): Promise<Result>;
}

/**
 * The one door for side effects: (intent is written) → find → prepare → lease → act → audit line. Rejects with NotLeaderError when the lease is
 * not held, with StillUnknownError when the look-up could not tell; then nothing was done and the pass is repeated later.
 */
export type Perform = <Result>(effect: Effect<Result>, signal: AbortSignal) => Promise<Result>;

/** This replica may not act: another one leads, or nobody is known to. */
export class NotLeaderError extends Error {
  override name = 'NotLeaderError';
}

/** Whether the effect stands is not known yet: try again later. */
export class StillUnknownError extends Error {
  override name = 'StillUnknownError';
}

export interface Audit {
  /** One JSON line on standard output; never holds a secret. */
  (line: { event: string; rollback?: string; [field: string]: unknown }): void;
}

/** Operational log, static text with fields beside it. */
export interface Log {
  debug(text: string, fields?: object): void;
  info(text: string, fields?: object): void;
  warn(text: string, fields?: object): void;
  error(text: string, fields?: object): void;
}
