/** An Argo Rollout runs the pods, by its own ReplicaSets or by a reference to the Deployment: an undo of the Deployment has no effect. */
import type { Check } from '../check.ts';

/** Argo Rollouts puts this label on the pods that it makes. */
const POD_HASH = 'rollouts-pod-template-hash';

export const argoRollouts: Check = ({ deployment, pods, where, workload }) => {
  const isOwned = deployment?.ownerKind === 'Rollout' || pods.some((p) => POD_HASH in p.labels);
  if (!isOwned) return [];
  const context = where.context === undefined ? '' : ` --context ${where.context}`;
  return [
    {
      check: 'argo-rollouts',
      grade: 'blocker',
      text: 'Argo Rollouts runs the pods of this service, so an undo of the Deployment would not change what users get.',
      cure: 'Undo the Rollout with its own command.',
      command: `kubectl argo rollouts undo ${workload} -n ${where.namespace}${context}`,
    },
  ];
};
