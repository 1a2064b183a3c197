/** Every way back, by name. A new one is one module behind method.ts and one line here. */
import type { Workloads } from '#clients/kubernetes/api.ts';
import type { Clock } from '#rollback/ports.ts';
import type { MethodName } from '#rollback/spec.ts';
import type { z } from 'zod';
import type { Method } from './method.ts';
import { Receipt, Step } from './undo/step.ts';
import { createUndo } from './undo/undo.ts';

export interface MethodParts {
  workloads: (environment: string) => Workloads;
  clock: Clock;
}

/** Steps and receipts come back from `status` as JSON: read by the method's own schemas, once, here. */
function reading<S, R>(method: Method<S, R>, step: z.ZodType<S>, receipt: z.ZodType<R>): Method<unknown, unknown> {
  return {
    name: method.name,
    plan: (target, signal) => method.plan(target, signal),
    find: async (raw, op, signal) => method.find(step.parse(raw), op, signal),
    apply: async (raw, op, signal) => method.apply(step.parse(raw), op, signal),
    progress: async (raw, made, sinceMs, signal) =>
      method.progress(step.parse(raw), receipt.parse(made), sinceMs, signal),
  };
}

export function createMethods(parts: MethodParts): (name: MethodName) => Method<unknown, unknown> {
  const methods: Record<MethodName, Method<unknown, unknown>> = { undo: reading(createUndo(parts), Step, Receipt) };
  return (name) => methods[name];
}
