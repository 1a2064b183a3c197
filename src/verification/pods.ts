/** Every wanted pod is of the target version and ready, and none of them has restarted. */
import type { WorkloadCheck } from './check.ts';

export const pods: WorkloadCheck = ({ deployment, replicaSets, pods: rows, to }) => {
  if (deployment === undefined) return { result: 'fail', evidence: 'the Deployment is gone' };
  const target = replicaSets.find((r) => r.templateHash === to.templateHash);
  const desired = deployment.replicas;
  const mine = rows.filter((p) => p.ownerUid === target?.uid && !p.deleting);
  const ready = mine.filter((p) => p.ready).length;
  const count = `${ready} of ${desired} pods of ${to.version} ready`;
  if (ready < desired) return { result: 'fail', evidence: count };
  if (desired === 0) return { result: 'warn', evidence: 'no pod is wanted: the Deployment is scaled to 0' };
  const restarts = mine.flatMap((p) => p.containers).reduce((sum, c) => sum + c.restartCount, 0);
  if (restarts > 0) return { result: 'warn', evidence: `${count}, ${restarts} restarts since` };
  return { result: 'pass', evidence: count };
};
