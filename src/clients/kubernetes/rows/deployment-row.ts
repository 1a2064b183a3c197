/** Deployment, as the API server sends it → WorkloadRow. */
import type { Condition, WorkloadRow } from '../rows.ts';
import { type RawWorkload, sharedFields } from './workload-parts.ts';

const REVISION = 'deployment.kubernetes.io/revision';
/** The API server's own default. */
const DEFAULT_DEADLINE_SECONDS = 600;

export interface RawDeployment extends RawWorkload {
  spec: RawWorkload['spec'] & {
    replicas?: number;
    paused?: boolean;
    progressDeadlineSeconds?: number;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

/** `deployment.kubernetes.io/revision` as a number: 0 when missing (as kubectl counts it), -1 when unreadable (kubectl skips those). */
export function revisionOf(annotations: Record<string, string>): number {
  const text = annotations[REVISION];
  if (text === undefined) return 0;
  return /^\d+$/.test(text) ? Number(text) : -1;
}

export function deploymentRow(raw: RawDeployment): WorkloadRow {
  const { spec, status = {} } = raw;
  const shared = sharedFields(raw);
  return {
    ...shared,
    kind: 'Deployment',
    paused: spec.paused ?? false,
    revision: revisionOf(shared.annotations),
    progressDeadlineSeconds: spec.progressDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
    replicas: spec.replicas ?? 1,
    status: {
      replicas: status.replicas ?? 0,
      updatedReplicas: status.updatedReplicas ?? 0,
      readyReplicas: status.readyReplicas ?? 0,
      availableReplicas: status.availableReplicas ?? 0,
    },
    conditions: status.conditions ?? [],
  };
}
