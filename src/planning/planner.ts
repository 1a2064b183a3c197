/**
 * Planning joins the ways back with preflight: what would happen, service by service, and what could go wrong. It reads and touches
 * nothing; the form's preview and the controller ask the same one. One service that cannot go never keeps the others from going. It never
 * guesses in place of an API server that does not answer: then it rejects with UnavailableError.
 */
import { workloadOf } from '#catalogue/catalogue.ts';
import { historyOf as historyOfWorkload } from '#clients/kubernetes/workload-history.ts';
import { EMPTY_JOURNAL, memoryOf, workloadKey } from '#journal/journal.ts';
import type { Refusal } from '#rollback/failure.ts';
import type { Plan } from '#rollback/plan.ts';
import type { HistoryEntry, PlanRequest, Planner } from '#rollback/ports.ts';
import type { Target } from '#rollback/spec.ts';
import { type PlannerParts, freshWorkloads, gatherContext, noAnswer, readJournal } from './context.ts';
import { comebacksOf } from './comebacks.ts';
import { planFor } from './plan-for.ts';
import { planService } from './service-plan.ts';
import { unplanned } from './unplanned.ts';
import { historyOf } from './versions.ts';

export interface StepPlanner extends Planner {
  /** The plan, and for each service that goes what its method needs (JSON under the method's own schema). Rejects as `plan` does. */
  planSteps(request: PlanRequest, signal: AbortSignal): Promise<{ plan: Plan; steps: Map<string, unknown[]> }>;
  /** What can be said when `planSteps` rejects, with why, where that is the last word. */
  unplanned(request: PlanRequest, refused?: Refusal): Plan;
}

/** A service named twice is planned once, as first named. */
function distinct(targets: readonly Target[]): Target[] {
  return targets.filter((target, at) => targets.findIndex((t) => t.service === target.service) === at);
}

export function createPlanner(parts: PlannerParts): StepPlanner {
  async function planSteps(request: PlanRequest, signal: AbortSignal): ReturnType<StepPlanner['planSteps']> {
    const context = await gatherContext(parts, request, signal);
    const outcomes = await Promise.all(distinct(request.targets).map((target) => planService(context, target, signal)));
    const { isUnreachable } = await context.facts;
    if (isUnreachable || outcomes.every((o) => o.isOutage)) throw noAnswer(request.environment);
    const steps = new Map<string, unknown[]>();
    for (const o of outcomes) if (o.steps !== undefined) steps.set(o.planned.service, o.steps);
    const planned = outcomes.map((o) => o.planned);
    return { plan: planFor(parts.catalogue, request, context.environment, planned, parts.clock.now()), steps };
  }

  /** An unreadable journal leaves "not known" in its place. */
  async function histories(
    environment: string,
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<HistoryEntry[][]> {
    const workloads = await freshWorkloads(parts, environment, services, signal);
    const journal = await readJournal(parts, environment, signal);
    return services.map((service) => {
      const { kind, name } = workloadOf(parts.catalogue, environment, service);
      const history = historyOfWorkload(workloads, kind, name);
      const memory = memoryOf(journal.known ? journal.value : EMPTY_JOURNAL, workloadKey({ kind, name }));
      if (history === undefined) return [];
      const comebacks = comebacksOf(parts.rollbacks.list(), environment, { kind, name });
      return historyOf(history.workload, history.versions, memory, comebacks, parts.catalogue.timings.knownGoodMinutes);
    });
  }

  async function deployedSince(environment: string, since: number, signal: AbortSignal): Promise<string[]> {
    const services = Object.keys(parts.catalogue.services);
    const found = await histories(environment, services, signal);
    return services.filter((_, at) => {
      const current = found[at]?.find((entry) => entry.current);
      // What a rollback brought back lately is no deploy: going back from it would be one step too many.
      const deployedAt = current?.cameBack?.firstDeployedAt ?? current?.deployedAt;
      return deployedAt !== undefined && Date.parse(deployedAt) >= since;
    });
  }

  return {
    plan: async (request, signal) => (await planSteps(request, signal)).plan,
    planSteps,
    unplanned: (request, refused) => unplanned(parts.catalogue, request, parts.clock.now(), refused),
    history: async (environment, service, signal) => (await histories(environment, [service], signal))[0] ?? [],
    deployedSince,
  };
}
