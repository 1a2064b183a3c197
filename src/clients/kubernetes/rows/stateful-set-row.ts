/** StatefulSet, as the API server sends it, in the shape of a WorkloadRow. Its revision number stands in its ControllerRevisions only. */
import type { Condition, WorkloadRow } from '../rows.ts';
import { withoutNullTime } from './template-parts.ts';
import { type RawWorkload, sharedFields } from './workload-parts.ts';

export interface RawStatefulSet extends RawWorkload {
  spec: RawWorkload['spec'] & {
    replicas?: number;
    podManagementPolicy?: string;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    updateRevision?: string;
    conditions?: Condition[];
  };
}

export function statefulSetRow(raw: RawStatefulSet): WorkloadRow {
  const { spec, status = {} } = raw;
  return {
    ...sharedFields({ ...raw, spec: { ...spec, template: withoutNullTime(spec.template) } }),
    kind: 'StatefulSet',
    paused: false,
    revision: 0,
    progressDeadlineSeconds: Infinity,
    replicas: spec.replicas ?? 1,
    status: {
      replicas: status.replicas ?? 0,
      updatedReplicas: status.updatedReplicas ?? 0,
      readyReplicas: status.readyReplicas ?? 0,
      availableReplicas: status.availableReplicas ?? 0,
    },
    conditions: status.conditions ?? [],
    replacement: {
      isOnDelete: spec.updateStrategy?.type === 'OnDelete',
      partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
      isOrdered: spec.podManagementPolicy !== 'Parallel',
      ...(status.updateRevision === undefined ? {} : { updateRevision: status.updateRevision }),
    },
  };
}
