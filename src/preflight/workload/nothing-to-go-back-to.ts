/** No earlier version is kept in the cluster (issues such as revisionHistoryLimit: 0 leave nothing). */
import { type Check, kubectl } from '../check.ts';

export const nothingToGoBackTo: Check = ({ deployment, replicaSets, where, workload, service }) => {
  if (deployment === undefined) {
    return [
      {
        check: 'no-deployment',
        grade: 'blocker',
        text: `There is no Deployment ${workload} in namespace ${where.namespace}.`,
        cure: `Check the workload of ${service} and the namespace of ${where.environment} in the catalogue.`,
        command: kubectl(where, 'get deployments'),
      },
    ];
  }
  const hasEarlier = replicaSets.some((r) => r.templateHash !== deployment.templateHash);
  if (hasEarlier) return [];
  const keepsNone = deployment.revisionHistoryLimit === 0;
  return [
    {
      check: 'nothing-to-go-back-to',
      grade: 'blocker',
      text: keepsNone
        ? `There is nothing to go back to: ${workload} keeps no earlier versions (revisionHistoryLimit is 0).`
        : `There is nothing to go back to: the cluster keeps no earlier version of ${workload}.`,
      cure: 'Deploy the earlier image by hand.',
      command: kubectl(where, `set image deployment/${workload} ${mainContainer(deployment.images)}=<earlier image>`),
    },
  ];
};

function mainContainer(images: Record<string, string>): string {
  return Object.keys(images)[0] ?? '<container>';
}
