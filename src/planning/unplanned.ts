/** What can be said of a request that nobody could plan: from the catalogue alone, so that it is never silent. Pure. */
import { type Catalogue, workloadOf } from '#catalogue/catalogue.ts';
import type { Refusal } from '#rollback/failure.ts';
import type { Plan, PlannedService } from '#rollback/plan.ts';
import type { PlanRequest } from '#rollback/ports.ts';
import { planFor } from './plan-for.ts';

/**
 * A plan without versions: nothing of it goes. `refused`: why, where it is over. An environment that the catalogue does not know is told
 * where production is, for there is no other place.
 */
export function unplanned(catalogue: Catalogue, request: PlanRequest, nowMs: number, refused?: Refusal): Plan {
  const names = [...new Set(request.targets.map(({ service }) => service))];
  const services = names.map((service): PlannedService => ({
    service,
    workload: workloadOf(catalogue, request.environment, service),
    isPrevious: false,
    difference: '',
    details: '',
    findings: [],
    notes: [],
    ...(refused === undefined ? {} : { refused }),
  }));
  const environment = catalogue.environments[request.environment];
  if (environment !== undefined) return planFor(catalogue, request, environment, services, nowMs);
  const known = Object.values(catalogue.environments);
  const { channel } = known.find(({ production }) => production) ?? known[0]!;
  const stranger = {
    channel,
    namespace: request.environment,
    production: false,
    mayRollBack: { users: [], groups: [] },
  };
  return planFor(catalogue, request, stranger, services, nowMs);
}
