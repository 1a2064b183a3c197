/**
 * The rollout history agrees: the Deployment asks for the target's template, and its revision number is that of the target's ReplicaSet.
 * The Deployment's own number follows in a later sync of the controller, so a number is told only when both agree.
 */
import type { WorkloadCheck } from './check.ts';

export const rolloutHistory: WorkloadCheck = ({ deployment, replicaSets, to }) => {
  if (deployment === undefined) return { result: 'fail', evidence: 'the Deployment is gone' };
  if (deployment.templateHash !== to.templateHash) {
    const images = Object.values(deployment.images).join(', ');
    return { result: 'fail', evidence: `the Deployment asks for something else: ${images}` };
  }
  const target = replicaSets.find((r) => r.templateHash === to.templateHash);
  if (target === undefined || target.revision === 0 || target.revision !== deployment.revision) {
    return { result: 'unknown', evidence: 'the cluster has not numbered the revision yet' };
  }
  const differs = Object.entries(target.images).find(([name, image]) => deployment.images[name] !== image);
  if (differs)
    return { result: 'fail', evidence: `container ${differs[0]} has another image than revision ${target.revision}` };
  return { result: 'pass', evidence: `returned to revision ${target.revision} (${to.version})` };
};
