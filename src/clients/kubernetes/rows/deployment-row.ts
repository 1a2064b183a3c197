/** Deployment, as the API server sends it → DeploymentRow. */
import type { KubernetesObject } from '../api.ts';
import type { Condition, DeploymentRow } from '../rows.ts';
import { templateHash } from '../template-hash.ts';
import { imagesOf, type RawTemplate, refsOf } from './template-parts.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const REVISION = 'deployment.kubernetes.io/revision';
/** The API server's own defaults. */
const DEFAULT_HISTORY_LIMIT = 10;
const DEFAULT_DEADLINE_SECONDS = 600;

export interface RawDeployment extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & {
    managedFields?: { manager?: string; time?: string; subresource?: string }[];
  };
  spec: {
    replicas?: number;
    paused?: boolean;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    selector?: { matchLabels?: Record<string, string> };
    template: RawTemplate;
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

/** Who wrote fields of the object's own, newest first; the controller's status writes are left out. */
function managersOf(raw: RawDeployment): DeploymentRow['managers'] {
  return (raw.metadata.managedFields ?? [])
    .filter((entry) => entry.subresource === undefined && entry.manager !== undefined)
    .map(({ manager = '', time }) => ({ manager, ...(time === undefined ? {} : { time }) }))
    .toSorted((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
}

export function deploymentRow(raw: RawDeployment): DeploymentRow {
  const { metadata, spec, status = {} } = raw;
  const { [LAST_APPLIED]: lastApplied, ...annotations } = metadata.annotations ?? {};
  const owner = metadata.ownerReferences?.find((ref) => ref.controller);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    createdAt: metadata.creationTimestamp,
    labels: metadata.labels ?? {},
    annotations,
    hasLastApplied: lastApplied !== undefined,
    managers: managersOf(raw),
    ...(owner === undefined ? {} : { ownerKind: owner.kind }),
    generation: metadata.generation ?? 0,
    observedGeneration: status.observedGeneration ?? 0,
    paused: spec.paused ?? false,
    selector: spec.selector?.matchLabels ?? {},
    templateHash: templateHash(spec.template),
    images: imagesOf(spec.template),
    refs: refsOf(spec.template),
    revision: revisionOf(annotations),
    revisionHistoryLimit: spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT,
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
