/** The runbook's own command, filled in, for when the bot cannot do it. */
import { workloadOf, type Catalogue } from '#catalogue/catalogue.ts';
import { kubectlName } from '#rollback/workload.ts';

/** One line per service; revisions only where a number was asked for. */
export function kubectlUndo(
  catalogue: Catalogue,
  environment: string,
  services: readonly string[],
  to?: string,
): string {
  const place = catalogue.environments[environment];
  if (place === undefined) return '';
  const context = place.context === undefined ? '' : ` --context ${place.context}`;
  const revision = to !== undefined && /^\d+$/.test(to) ? ` --to-revision=${to}` : '';
  return services
    .map((service) => {
      const workload = kubectlName(workloadOf(catalogue, environment, service));
      return `kubectl rollout undo ${workload}${revision} -n ${place.namespace}${context}`;
    })
    .join('\n');
}
