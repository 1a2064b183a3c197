/** The product's own way to a patch: what the controller does between the write that opens a rollback and the target's "Back". */
import { createPerform } from '#controller/perform.ts';
import { Catalogue } from '#catalogue/catalogue.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { EMPTY_JOURNAL, type Journal } from '#journal/journal.ts';
import { createMethods } from '#methods/index.ts';
import type { Progress } from '#methods/method.ts';
import { createPlanner } from '#planning/planner.ts';
import { isRefusal, type Refusal } from '#rollback/failure.ts';
import type { PlannedService } from '#rollback/plan.ts';
import { operationId } from '#rollback/rollback.ts';
import type { Target } from '#rollback/spec.ts';
import { randomUUID } from 'node:crypto';
import { clock } from '../plane.ts';
import type { Side } from './side.ts';

const ENVIRONMENT = 'production';

export interface Bot {
  plan(target: Target): Promise<{ planned: PlannedService; steps: unknown[] }>;
  /** Makes the one step of a plan under a new operation. */
  patch(
    steps: readonly unknown[],
  ): Promise<{ operation: string; receipt: unknown; progress(): Promise<Progress> } | Refusal>;
}

/** `services`: Deployments of the side's namespace. `journal`: what was seen of them so far. */
export function bot(side: Side, services: readonly string[], journal: () => Journal = () => EMPTY_JOURNAL): Bot {
  const { api, namespace, signal } = side.plane;
  const mayRollBack = { groups: ['S0ONCALL'] };
  const catalogue = Catalogue.parse({
    environments: { [ENVIRONMENT]: { namespace, channel: 'C0INCIDENT', mayRollBack } },
    services: Object.fromEntries(services.map((name) => [name, {}])),
    checklist: [],
  });
  const methods = createMethods({ workloads: () => side.view, clock });
  const planner = createPlanner({
    catalogue,
    workloads: () => side.view,
    journal: () => ({ read: () => Promise.resolve(journal()) }),
    methods,
    rollbacks: { list: () => [] },
    mayI: () => mayI(api, clock),
    clock,
  });
  const perform = createPerform({ isLeader: () => true, audit: () => undefined });
  const method = methods('undo');

  async function plan(target: Target): Promise<{ planned: PlannedService; steps: unknown[] }> {
    const request = { environment: ENVIRONMENT, method: 'undo' as const, targets: [target] };
    const { plan: made, steps } = await planner.planSteps(request, signal);
    return { planned: made.services[0]!, steps: steps.get(target.service) ?? [] };
  }

  async function patch(steps: readonly unknown[]): ReturnType<Bot['patch']> {
    // As it is after a crash: read back from the status.
    const [step] = JSON.parse(JSON.stringify(steps)) as unknown[];
    const operation = operationId(randomUUID(), 'step', 1);
    const receipt = await perform<object>(
      {
        kind: 'workload.patch',
        id: operation,
        rollback: 'against-kubectl',
        lookFirst: true,
        find: (s) => method.find(step, operation, s) as Promise<object | 'absent' | 'unknown'>,
        act: (s) => method.apply(step, operation, s) as Promise<object>,
      },
      signal,
    );
    if (isRefusal(receipt)) return receipt;
    return { operation, receipt, progress: () => method.progress(step, receipt, 0, signal) };
  }

  return { plan, patch };
}
