/** The one list of checks of a workload after its rollback; health is asked over HTTP by health.ts. */
import type { Outcome, WorkloadCheck, WorkloadFacts } from './check.ts';
import { pods } from './pods.ts';
import { rolloutHistory } from './rollout-history.ts';

const workloadChecks: Record<string, WorkloadCheck> = { 'rollout-history': rolloutHistory, pods };

/** What each check says, in the order of the runbook. */
export function verifyWorkload(facts: WorkloadFacts): (Outcome & { check: string })[] {
  return Object.entries(workloadChecks).map(([check, look]) => ({ check, ...look(facts) }));
}
