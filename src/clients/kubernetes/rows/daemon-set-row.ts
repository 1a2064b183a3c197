/** DaemonSet, as the API server sends it, in the shape of a WorkloadRow: one pod wanted for each node that it is for. */
import type { Condition, WorkloadRow } from '../rows.ts';
import { withoutNullTime } from './template-parts.ts';
import { type RawWorkload, sharedFields } from './workload-parts.ts';

export interface RawDaemonSet extends RawWorkload {
  spec: RawWorkload['spec'] & { updateStrategy?: { type?: string } };
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    currentNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
    numberAvailable?: number;
    conditions?: Condition[];
  };
}

export function daemonSetRow(raw: RawDaemonSet): WorkloadRow {
  const { spec, status = {} } = raw;
  return {
    ...sharedFields({ ...raw, spec: { ...spec, template: withoutNullTime(spec.template) } }),
    kind: 'DaemonSet',
    paused: false,
    revision: 0,
    progressDeadlineSeconds: Infinity,
    replicas: status.desiredNumberScheduled ?? 0,
    status: {
      replicas: status.currentNumberScheduled ?? 0,
      updatedReplicas: status.updatedNumberScheduled ?? 0,
      readyReplicas: status.numberReady ?? 0,
      availableReplicas: status.numberAvailable ?? 0,
    },
    conditions: status.conditions ?? [],
    replacement: { isOnDelete: spec.updateStrategy?.type === 'OnDelete', partition: 0, isOrdered: false },
  };
}
