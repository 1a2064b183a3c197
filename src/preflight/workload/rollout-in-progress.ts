/** A rollout that has not finished. A bad deploy usually looks like this, so it never blocks; it is said. */
import { type Check, kubectl } from '../check.ts';

export const rolloutInProgress: Check = ({ deployment, from, where, workload }) => {
  if (deployment === undefined || deployment.paused) return [];
  const { replicas, status } = deployment;
  const name = from?.version ?? 'the newest version';
  if (deployment.observedGeneration < deployment.generation) {
    return [
      {
        check: 'rollout-in-progress',
        grade: 'warning',
        text: 'The cluster has not begun to work on the last change of this Deployment, so what is shown may be one version behind.',
        cure: 'Wait a few seconds and look again.',
        command: kubectl(where, `rollout status deployment/${workload}`),
      },
    ];
  }
  const old = status.replicas - status.updatedReplicas;
  if (status.updatedReplicas >= replicas && old <= 0 && status.availableReplicas >= replicas) return [];
  const progress =
    status.updatedReplicas >= replicas && old <= 0
      ? `${status.availableReplicas} of ${replicas} pods of ${name} are available.`
      : `${status.updatedReplicas} of ${replicas} pods are of ${name}, ${Math.max(old, 0)} still of an earlier version.`;
  return [
    {
      check: 'rollout-in-progress',
      grade: 'warning',
      text: `A rollout of ${name} has not finished: ${progress}`,
      cure: 'A rollback stops it and goes on from there.',
    },
  ];
};
