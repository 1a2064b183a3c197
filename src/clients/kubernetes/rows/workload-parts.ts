/** What Deployment, StatefulSet and DaemonSet have in common, as the API server sends it → the shared fields of a WorkloadRow. */
import type { KubernetesObject } from '../api.ts';
import type { WorkloadRow } from '../rows.ts';
import { templateHash } from '../template-hash.ts';
import { imagesOf, type RawTemplate, refsOf } from './template-parts.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** The API server's own default. */
const DEFAULT_HISTORY_LIMIT = 10;

export interface RawWorkload extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & {
    managedFields?: { manager?: string; time?: string; subresource?: string }[];
  };
  spec: {
    revisionHistoryLimit?: number;
    selector?: { matchLabels?: Record<string, string> };
    template: RawTemplate;
  };
  status?: { observedGeneration?: number };
}

type SharedFields = Omit<
  WorkloadRow,
  'kind' | 'paused' | 'revision' | 'progressDeadlineSeconds' | 'replicas' | 'status' | 'conditions' | 'replacement'
>;

/** Who wrote fields of the object's own, newest first; the controller's status writes are left out. */
function managersOf(raw: RawWorkload): WorkloadRow['managers'] {
  return (raw.metadata.managedFields ?? [])
    .filter((entry) => entry.subresource === undefined && entry.manager !== undefined)
    .map(({ manager = '', time }) => ({ manager, ...(time === undefined ? {} : { time }) }))
    .toSorted((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
}

export function sharedFields(raw: RawWorkload): SharedFields {
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
    selector: spec.selector?.matchLabels ?? {},
    templateHash: templateHash(spec.template),
    images: imagesOf(spec.template),
    refs: refsOf(spec.template),
    revisionHistoryLimit: spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT,
  };
}
