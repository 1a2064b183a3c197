/** Every way back, by name. A new one is one module behind method.ts and one line here. */
import type { Workloads } from '#clients/kubernetes/api.ts';
import type { Clock } from '#rollback/ports.ts';
import type { MethodName } from '#rollback/spec.ts';
import { WorkloadKind } from '#rollback/workload.ts';
import { z } from 'zod';
import { createRevisionUndo } from './controller-revisions/controller-revisions.ts';
import { Receipt as RevisionReceipt, Step as RevisionStep } from './controller-revisions/step.ts';
import type { Method, MethodTarget } from './method.ts';
import { Receipt, Step } from './undo/step.ts';
import { createUndo } from './undo/undo.ts';

export interface MethodParts {
  workloads: (environment: string) => Workloads;
  clock: Clock;
}

/** Steps and receipts come back from `status` as JSON: read by the method's own schemas, once, here. */
function reading<S, R>(
  method: Omit<Method<S, R>, 'plan'>,
  step: z.ZodType<S>,
  receipt: z.ZodType<R>,
): Omit<Method<unknown, unknown>, 'plan'> {
  const { next } = method;
  return {
    name: method.name,
    find: async (raw, op, signal) => method.find(step.parse(raw), op, signal),
    apply: async (raw, op, signal) => method.apply(step.parse(raw), op, signal),
    progress: async (raw, made, sinceMs, signal) =>
      method.progress(step.parse(raw), receipt.parse(made), sinceMs, signal),
    ...(next && {
      next: async (raw: unknown, made: unknown, sinceMs: number, signal: AbortSignal) =>
        next(step.parse(raw), receipt.parse(made), sinceMs, signal),
    }),
  };
}

/** Steps of Deployments name no kind. */
const KindOfStep = z.object({ workload: z.object({ kind: WorkloadKind.default('Deployment') }) });

/** `kubectl rollout undo` of whatever kind. */
function undoOfEveryKind(parts: MethodParts): Method<unknown, unknown> {
  const [deployments, revisions] = [createUndo(parts), createRevisionUndo(parts)];
  const readings = [reading(deployments, Step, Receipt), reading(revisions, RevisionStep, RevisionReceipt)] as const;
  const of = (raw: unknown) => readings[KindOfStep.parse(raw).workload.kind === 'Deployment' ? 0 : 1];
  return {
    name: 'undo',
    plan: async ({ kind = 'Deployment', ...target }: MethodTarget, signal) =>
      kind === 'Deployment' ? deployments.plan(target, signal) : revisions.plan({ ...target, kind }, signal),
    find: async (step, op, signal) => of(step).find(step, op, signal),
    apply: async (step, op, signal) => of(step).apply(step, op, signal),
    progress: async (step, receipt, sinceMs, signal) => of(step).progress(step, receipt, sinceMs, signal),
    next: async (step, receipt, sinceMs, signal) => (await of(step).next?.(step, receipt, sinceMs, signal)) ?? [],
  };
}

export function createMethods(parts: MethodParts): (name: MethodName) => Method<unknown, unknown> {
  const methods: Record<MethodName, Method<unknown, unknown>> = { undo: undoOfEveryKind(parts) };
  return (name) => methods[name];
}
