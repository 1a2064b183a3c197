/**
 * Did it work? Each check answers pass, warn, fail or unknown, with the evidence in one plain clause. Unknown is never pass: what could not
 * be looked at says so. Checks know no phases and no Slack, and change nothing.
 */
import type { DeploymentRow, PodRow, ReplicaSetRow } from '#clients/kubernetes/rows.ts';
import type { Version } from '#rollback/plan.ts';
import type { CheckResult } from '#rollback/status.ts';

export interface Outcome {
  result: CheckResult;
  evidence: string;
}

/** What is known about one workload after its rollback, from the caches. */
export interface WorkloadFacts {
  /** The version it was to return to. */
  to: Version;
  /** Absent: the Deployment is gone. */
  deployment?: DeploymentRow;
  /** Of this Deployment. */
  replicaSets: readonly ReplicaSetRow[];
  pods: readonly PodRow[];
}

/** Pure: the caches are the caller's. */
export type WorkloadCheck = (facts: WorkloadFacts) => Outcome;
