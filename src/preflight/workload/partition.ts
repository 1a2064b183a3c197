/** A StatefulSet with a partition replaces only the pods above it: a rollback reaches no further than the deploy did. */
import { type Check, kubectl, workloadOf } from '../check.ts';

export const partition: Check = (facts) => {
  const { deployment, to, where } = facts;
  const kept = deployment?.replacement?.partition ?? 0;
  if (deployment === undefined || deployment.replacement?.isOnDelete || kept === 0) return [];
  const { replicas } = deployment;
  const lower = `patch ${workloadOf(facts)} -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'`;
  if (kept >= replicas) {
    return [
      {
        check: 'partition-keeps-all',
        grade: 'blocker',
        text: `Every pod keeps its version (partition ${kept}, ${replicas} pods), so a rollback would change nothing.`,
        cure: 'Set the partition lower, then ask again.',
        command: kubectl(where, lower),
      },
    ];
  }
  return [
    {
      check: 'partition',
      grade: 'warning',
      text: `Only ${replicas - kept} of ${replicas} pods go to ${to?.version ?? 'another version'}: those below number ${kept} keep the version that they have (partition ${kept}).`,
      cure: 'Set the partition to 0 if all of them are meant.',
      command: kubectl(where, lower),
    },
  ];
};
