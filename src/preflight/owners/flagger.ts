/** Under a Flagger canary the Deployment is a template only: traffic goes to the pods of `<name>-primary`, which Flagger makes. */
import { type Check, kubectl, workloadOf } from '../check.ts';

export const flagger: Check = (facts) => {
  const { deployment, primary, to, where, workload } = facts;
  const isCanary = deployment?.ownerKind === 'Canary' || primary?.ownerKind === 'Canary';
  if (!isCanary || deployment === undefined) return [];
  const container = Object.keys(deployment.images)[0] ?? '<container>';
  return [
    {
      check: 'flagger',
      grade: 'blocker',
      text: `Flagger releases this service: traffic goes to pods of ${primary?.name ?? `${workload}-primary`}, so an undo of ${workload} would not change what users get.`,
      cure: 'Deploy the earlier image as a new release, which Flagger then rolls out. It has no way back after promotion.',
      command: kubectl(where, `set image ${workloadOf(facts)} ${container}=${to?.image ?? '<earlier image>'}`),
    },
  ];
};
