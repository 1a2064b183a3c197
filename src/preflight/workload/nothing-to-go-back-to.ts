/** No earlier version is kept in the cluster (issues such as revisionHistoryLimit: 0 leave nothing). */
import type { WorkloadKind } from '#rollback/workload.ts';
import { type Check, kubectl, workloadOf } from '../check.ts';

const NONE: Record<WorkloadKind, string> = {
  Deployment: 'no-deployment',
  StatefulSet: 'no-stateful-set',
  DaemonSet: 'no-daemon-set',
};

export const nothingToGoBackTo: Check = (facts) => {
  const { deployment, replicaSets, where, kind, workload, service } = facts;
  // Whatever is not seen may be there: then the method says so.
  if (deployment === undefined && !facts.isSeen) return [];
  if (deployment === undefined) {
    return [
      {
        check: NONE[kind],
        grade: 'blocker',
        text: `There is no ${kind} ${workload} in namespace ${where.namespace}.`,
        cure: `Check the workload of ${service} and the namespace of ${where.environment} in the catalogue.`,
        command: kubectl(where, `get ${kind.toLowerCase()}s`),
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
      command: kubectl(where, `set image ${workloadOf(facts)} ${mainContainer(deployment.images)}=<earlier image>`),
    },
  ];
};

function mainContainer(images: Record<string, string>): string {
  return Object.keys(images)[0] ?? '<container>';
}
