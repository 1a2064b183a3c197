/** The plan of a whole request, around what is known of its services. Pure. */
import type { Catalogue, Environment } from '#catalogue/catalogue.ts';
import type { Plan, PlannedService } from '#rollback/plan.ts';
import type { PlanRequest } from '#rollback/ports.ts';

type Place = Pick<Environment, 'namespace' | 'context' | 'production' | 'channel' | 'mayRollBack'>;

/** Slack mentions of those who may, or the name the catalogue gives them. */
function whoMay({ mayRollBack }: Place): string[] {
  if (mayRollBack.shownAs !== undefined) return [mayRollBack.shownAs];
  return [...mayRollBack.groups.map((id) => `<!subteam^${id}>`), ...mayRollBack.users.map((id) => `<@${id}>`)];
}

export function planFor(
  catalogue: Catalogue,
  request: PlanRequest,
  place: Place,
  services: PlannedService[],
  nowMs: number,
): Plan {
  const { namespace, context, production, channel } = place;
  const asked = new Set(request.targets.map((t) => t.service));
  return {
    environment: {
      name: request.environment,
      production,
      channel,
      namespace,
      ...(context === undefined ? {} : { context }),
    },
    services,
    fullSystem: Object.keys(catalogue.services).every((service) => asked.has(service)),
    checklist: catalogue.checklist.map(({ id, text, link, answeredBy }) => ({
      id,
      text,
      answeredBy,
      ...(link === undefined ? {} : { link }),
    })),
    whoMay: whoMay(place),
    etaMinutes: catalogue.timings.etaMinutes,
    monitoringMinutes: catalogue.timings.monitoringMinutes,
    plannedAt: new Date(nowMs).toISOString(),
  };
}
