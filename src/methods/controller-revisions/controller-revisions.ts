/**
 * `kubectl rollout undo` for a StatefulSet or DaemonSet, guarded: back to a version whose ControllerRevision still exists, by one patch that
 * overwrites nothing it did not plan for; then, for a StatefulSet, out of the OrderedReady trap by deleting the one pod that is stuck on the
 * version left. It trusts the caches for planning and progress, never for whether something was done. It never scales anything.
 */
import { areLive, lookAgain, type Workloads } from '#clients/kubernetes/api.ts';
import { cachesOf, historyOf } from '#clients/kubernetes/workload-history.ts';
import { type Clock, UnavailableError } from '#rollback/ports.ts';
import type { Method } from '../method.ts';
import { applyPatch } from './apply.ts';
import { deletePod, findDeletion } from './delete-pod.ts';
import { findPatch } from './find.ts';
import { planRevision, type RevisionKind, type RevisionTarget } from './plan.ts';
import { progressOf } from './progress.ts';
import { freeing } from './stuck-pod.ts';
import type { PatchReceipt, PatchStep, Receipt, Step } from './step.ts';

export interface RevisionParts {
  workloads: (environment: string) => Workloads;
  clock: Clock;
}

type RevisionMethod = Omit<Required<Method<Step, Receipt>>, 'plan'> & {
  plan(target: RevisionTarget, signal: AbortSignal): ReturnType<Method<Step, Receipt>['plan']>;
};

/** The caches of a kind, if they may be believed; otherwise it throws UnavailableError. */
function live({ workloads }: RevisionParts, environment: string, kind: RevisionKind): Workloads {
  const known = workloads(environment);
  const caches = cachesOf(known, kind);
  if (caches && areLive(caches)) return known;
  throw new UnavailableError(`The ${kind}s of ${environment} cannot be seen now.`);
}

/** Only of a patch can be asked how far it is. */
function patchOf(step: Step, receipt: Receipt): { step: PatchStep; receipt: PatchReceipt } | undefined {
  return step.do === 'patch' && 'templateHash' in receipt ? { step, receipt } : undefined;
}

export function createRevisionUndo(parts: RevisionParts): RevisionMethod {
  return {
    name: 'undo',
    plan: async (target, signal) =>
      planRevision(live(parts, target.environment, target.kind), target, parts.clock, signal),
    find: async (step, op, signal) => {
      const workloads = parts.workloads(step.environment);
      return step.do === 'patch' ? findPatch(workloads, step, op, signal) : findDeletion(workloads, step, signal);
    },
    apply: async (step, op, signal) => {
      const workloads = parts.workloads(step.environment);
      return step.do === 'patch' ? applyPatch(workloads, step, op, signal) : deletePod(workloads, step, signal);
    },
    progress: async (step, receipt, sinceMs) => {
      const { kind, name } = step.workload;
      const history = historyOf(live(parts, step.environment, kind), kind, name);
      const made = patchOf(step, receipt);
      const progress =
        made === undefined
          ? ({ state: 'progressing', ready: 0, desired: 0 } as const)
          : progressOf(history, made.step, made.receipt, sinceMs);
      const { pods, statefulSets, daemonSets } = parts.workloads(step.environment);
      if (progress.state === 'progressing')
        lookAgain([pods, ...[statefulSets, daemonSets].flatMap((cache) => cache ?? [])]);
      return progress;
    },
    next: async (step, receipt, sinceMs) => {
      const { kind, name } = step.workload;
      const history = historyOf(live(parts, step.environment, kind), kind, name);
      const made = patchOf(step, receipt);
      return made && history ? freeing(history, made.step, made.receipt, sinceMs) : [];
    },
  };
}
