/** What the controller works with, joined in main.ts; nothing here knows Slack. */
import type { Method } from '#methods/method.ts';
import type { Refusal } from '#rollback/failure.ts';
import type { Plan } from '#rollback/plan.ts';
import type { Audit, Clock, Log, Perform, Permission, PlanRequest } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { MethodName } from '#rollback/spec.ts';
import type { Evidence, HealthResult, RollbackStatus } from '#rollback/status.ts';

/** Status writes, each fenced: JSON patch with `test /status/epoch` (design §5). */
export interface StatusWriter {
  list(): Rollback[];
  get(name: string): Rollback | undefined;
  /**
   * Writes only the fields given. `ifUnchanged` also tests `metadata.resourceVersion`. Rejects with FencedError when a newer term has
   * written, with ConflictError when the object changed under `ifUnchanged`: read again and decide anew.
   */
  patchStatus(
    rollback: Rollback,
    changed: Partial<RollbackStatus>,
    options: { epoch: number; ifUnchanged?: boolean },
    signal: AbortSignal,
  ): Promise<Rollback>;
  /** The finalizer is there from now on. Rejects with ConflictError when anything changed. */
  hold(rollback: Rollback, signal: AbortSignal): Promise<Rollback>;
  /** Takes the finalizer away; one that was deleted is gone then. Rejects likewise. */
  release(rollback: Rollback, signal: AbortSignal): Promise<void>;
  /** Deletes that very object. One that is gone already is what was wanted. */
  remove(rollback: Rollback, signal: AbortSignal): Promise<void>;
}

/** What was read of one broken version before the patch. */
export interface CaptureReader<Captured> {
  /** Within the capture budget, whatever hangs. Never rejects: what is missing is named in the answer. */
  read(rollback: Rollback, service: string, signal: AbortSignal): Promise<Captured>;
  /** In place of what a replica had read that is gone. */
  lost(service: string): Captured;
  /** Repeatable. */
  store(rollback: Rollback, captured: readonly Captured[], signal: AbortSignal): Promise<Evidence>;
}

export interface JournalKeeper {
  /**
   * The versions these services ran were rolled back from; when the rollback undoes another one, that one's marks are withdrawn instead.
   * Repeatable.
   */
  left(rollback: Rollback, services: readonly string[], at: string, signal: AbortSignal): Promise<void>;
  /** One look at every environment; saves what is worth it. */
  observe(signal: AbortSignal): Promise<void>;
}

export interface Parts {
  store: StatusWriter;
  planSteps(request: PlanRequest, signal: AbortSignal): Promise<{ plan: Plan; steps: Map<string, unknown[]> }>;
  /** What can be said when `planSteps` rejects; `refused`: the last word. */
  unplanned(request: PlanRequest, refused?: Refusal): Plan;
  method(name: MethodName): Method<unknown, unknown>;
  permission: Permission;
  capture: CaptureReader<unknown>;
  /** Health of every service of the environment; `tries` per path. Never rejects. */
  health(rollback: Rollback, tries: number, signal: AbortSignal): Promise<HealthResult[]>;
  journal: JournalKeeper;
  /** Every slot of it is posted with the content it should have. */
  slackAgrees(rollback: Rollback): boolean;
  perform: Perform;
  clock: Clock;
  audit: Audit;
  log: Log;
  /** The leader's term. */
  epoch: number;
  memory: Memory;
}

/** What one term remembers beside the objects; losing it costs a look-up, never a repeat. */
export interface Memory {
  /** Operations whose intent was written in this term and that were not tried yet. */
  fresh: Set<string>;
  /** Operation → monotonic ms of our patch, for the stale-deadline rule. */
  patchedAt: Map<string, number>;
  /** Operation → monotonic ms of its last try; of one whose intent an earlier term wrote, of the first look in this one. */
  triedAt: Map<string, number>;
  /** Operation → what was captured before it, until it is kept. */
  captured: Map<string, unknown>;
  /** Operations that the cluster forbade, when (monotonic ms) and in what words. */
  forbidden: Map<string, { at: number; why: string }>;
  /** Names of rollbacks that were begun with in this term, in that order; those that show it are left out (`begunBefore`). */
  begun: Set<string>;
  /** Rollbacks, each with its patched services, that the journal knows of. */
  marked: Set<string>;
}

/** Nothing is left to do for this rollback: what was captured before a patch that was never made goes too. */
export function forget(memory: Memory, uid: string): void {
  for (const known of [memory.fresh, memory.patchedAt, memory.triedAt, memory.captured, memory.forbidden])
    for (const op of known.keys()) if (op.startsWith(`${uid}/`)) known.delete(op);
}

/** Ask again after so many ms, at the latest; absent: when something changes. */
export interface Again {
  afterMs?: number;
}
