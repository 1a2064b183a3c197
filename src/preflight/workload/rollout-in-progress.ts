/** A rollout that has not finished. A bad deploy usually looks like this, so it never blocks; it is said. */
import { type Check, kubectl, workloadOf } from '../check.ts';

export const rolloutInProgress: Check = (facts) => {
  const { deployment, from, where } = facts;
  if (deployment === undefined || deployment.paused) return [];
  const { status } = deployment;
  const replicas = Math.max(0, deployment.replicas - (deployment.replacement?.partition ?? 0));
  const name = from?.version ?? 'the newest version';
  if (deployment.observedGeneration < deployment.generation) {
    return [
      {
        check: 'rollout-in-progress',
        grade: 'warning',
        text: `The cluster has not begun to work on the last change of this ${facts.kind}, so what is shown may be one version behind.`,
        cure: 'Wait a few seconds and look again.',
        command: kubectl(where, `rollout status ${workloadOf(facts)}`),
      },
    ];
  }
  const old = status.replicas - status.updatedReplicas - (deployment.replicas - replicas);
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
