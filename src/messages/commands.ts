/** The runbook's own commands with names filled in: what a person types when the bot cannot. Plain text. */
import type { Plan, PlannedService } from '#rollback/plan.ts';

function flags({ environment: { namespace, context } }: Plan): string {
  return `-n ${namespace}${context === undefined ? '' : ` --context ${context}`}`;
}

/** "kubectl rollout undo …" for one service, to its planned revision where it is known. */
export function undoCommand(plan: Plan, service: PlannedService): string {
  const workload = service.workload?.name ?? service.service;
  const revision = service.to && service.to.revision > 0 ? ` --to-revision=${service.to.revision}` : '';
  return `kubectl rollout undo deployment/${workload}${revision} ${flags(plan)}`;
}

/** Looking, going back, watching, checking: for every service of the plan. */
export function commands(plan: Plan): string {
  return plan.services
    .map((service) => {
      const workload = service.workload?.name ?? service.service;
      return [
        `# ${service.service}`,
        `kubectl rollout history deployment/${workload} ${flags(plan)}`,
        undoCommand(plan, service),
        `kubectl rollout status deployment/${workload} ${flags(plan)}`,
        `kubectl get pods -l app=${workload} ${flags(plan)}`,
      ].join('\n');
    })
    .join('\n\n');
}
