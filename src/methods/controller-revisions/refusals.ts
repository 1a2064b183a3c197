/** Why a StatefulSet or DaemonSet was not rolled back, where a Deployment has no such reason. Pure. */
import type { Refusal } from '#rollback/failure.ts';
import { kubectlName, type WorkloadKind } from '#rollback/workload.ts';

interface Subject {
  service: string;
  namespace: string;
  kind: WorkloadKind;
  workload: string;
}

const nameOf = ({ kind, workload }: Subject): string => kubectlName({ kind, name: workload });

export const onDelete = (s: Subject): Refusal => ({
  reason: 'OnDelete',
  message: `${s.service} replaces its pods only when somebody deletes them (updateStrategy OnDelete), so a rollback would change nothing by itself. Undo it by hand, then delete its pods one after the other.`,
  command: `kubectl rollout undo ${nameOf(s)} -n ${s.namespace}`,
});

export const keepsAllPods = (s: Subject, partition: number, replicas: number): Refusal => ({
  reason: 'PartitionKeepsAll',
  message: `${s.service} keeps every pod at its version (partition ${partition}, ${replicas} pods), so a rollback would change nothing. Set the partition lower, then ask again.`,
  command: `kubectl patch ${nameOf(s)} -n ${s.namespace} -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'`,
});

/** Which pods are replaced was changed after planning. */
export const strategyChanged = (s: Subject): Refusal => ({
  reason: 'ChangedMeanwhile',
  message: `${s.service} was changed after this was planned: its pods are now replaced only when somebody deletes them (updateStrategy OnDelete). Nothing was touched. Make a new plan.`,
  command: `kubectl rollout history ${nameOf(s)} -n ${s.namespace}`,
});
