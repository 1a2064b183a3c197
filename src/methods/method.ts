/**
 * One way of going back (design §4). Any call may be repeated by another replica after a crash. Methods know one service of one
 * environment at a time and nothing of Slack, of phases or of each other.
 */
import type { Refusal } from '#rollback/failure.ts';
import type { Version } from '#rollback/plan.ts';
import type { MethodName } from '#rollback/spec.ts';
import type { WorkloadKind } from '#rollback/workload.ts';

/** A workload, and where the person wants it. */
export interface MethodTarget {
  environment: string;
  service: string;
  namespace: string;
  /** Of the workload; absent: a Deployment. */
  kind?: WorkloadKind;
  workload: string;
  /** A revision number or an image tag; absent: the default target, which `avoid` and `ranWell` decide. */
  to?: string;
  /** Template hashes of versions that were rolled back from: never a default target. */
  avoid: ReadonlySet<string>;
  /** Minutes each template hash was seen healthy by the journal; no entry = not known. */
  ranWell: ReadonlyMap<string, number>;
  /** How many of these minutes make a version known good; absent: any. */
  knownGoodMinutes?: number;
}

export interface PlannedChange {
  workload: { kind: WorkloadKind; name: string; uid: string };
  from: Version;
  to: Version;
  /** `to` is the version that ran just before `from`. */
  isPrevious: boolean;
  /** One line in plain words. */
  difference: string;
  /** Lines of the template difference, env values masked. */
  details: string;
}

export type OperationId = string;

/** How far a change has come. */
export interface Progress {
  /**
   * done: the target version runs and every wanted pod of it is available · failed: its pods cannot run, or the deadline passed ·
   * superseded: the workload's template is not the one we wrote.
   */
  state: 'progressing' | 'done' | 'failed' | 'superseded';
  ready: number;
  desired: number;
  /** One plain clause: which pods wait for what, or what superseded it. */
  detail?: string;
  /** With failed: only a deadline passed, nothing is known to be stuck. A person may have chosen to wait on. */
  mayStillCome?: true;
  /** The workload's revision once it and its newest version agree on it. */
  revision?: number;
}

/** What else has to be done, because the cluster does not go on by itself. */
export interface FurtherStep<Step> {
  /** Distinct among the steps of its service, and the same in every pass: it becomes part of the operation id. */
  id: string;
  /** For a person who has to do it by hand: what is in the way, and the command. One or two plain sentences. */
  byHand: string;
  /** Absent: only a person may. */
  bot?: {
    step: Step;
    /** The effect's kind, for audit lines: "pod.delete". */
    effect: string;
    /** For the thread, once it is done: a plain sentence. */
    told: string;
  };
}

export interface Method<Step, Receipt> {
  readonly name: MethodName;
  /** Reads only. What would change, as steps, or why it must not (a Refusal is data, never an exception). Rejects on an outage. */
  plan(target: MethodTarget, signal: AbortSignal): Promise<{ summary: PlannedChange; steps: Step[] } | Refusal>;
  /**
   * Reads only. Was this step already made under this operation? Rejects with OutcomeUnknownError when that cannot be found out any more,
   * neither now nor later.
   */
  find(step: Step, op: OperationId, signal: AbortSignal): Promise<Receipt | 'absent' | 'unknown'>;
  /**
   * Makes the step. Guarded: never overwrites what it did not plan for; then a Refusal that names what changed, with nothing touched.
   * Rejects with TerminalError when no retry helps; any other rejection: look with `find` before trying again.
   */
  apply(step: Step, op: OperationId, signal: AbortSignal): Promise<Receipt | Refusal>;
  /**
   * Reads only. `sinceMs`: how long ago the patch went out on our own monotonic clock (for the stale-deadline rule). Rejects with
   * UnavailableError when what is known is too old to say anything.
   */
  progress(step: Step, receipt: Receipt, sinceMs: number, signal: AbortSignal): Promise<Progress>;
  /** Reads only. Further steps that a made one turns out to need; they are found and applied like any other. Rejects as `progress` does. */
  next?(step: Step, receipt: Receipt, sinceMs: number, signal: AbortSignal): Promise<FurtherStep<Step>[]>;
}
