/** ReplicaSet, as the API server sends it → RevisionRow. */
import type { KubernetesObject } from '../api.ts';
import { revisionOf } from './deployment-row.ts';
import type { RevisionRow } from '../rows.ts';
import { templateHash } from '../template-hash.ts';
import { imagesOf, type RawTemplate, refsOf } from './template-parts.ts';

const HISTORY = 'deployment.kubernetes.io/revision-history';
const POD_TEMPLATE_HASH = 'pod-template-hash';

export interface RawReplicaSet extends KubernetesObject {
  spec: { replicas?: number; template: RawTemplate };
  status?: { readyReplicas?: number; availableReplicas?: number };
}

export function replicaSetRow({ metadata, spec, status = {} }: RawReplicaSet): RevisionRow {
  const annotations = metadata.annotations ?? {};
  const owner = metadata.ownerReferences?.find((ref) => ref.controller);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    ...(owner === undefined ? {} : { ownerUid: owner.uid }),
    annotations,
    revision: revisionOf(annotations),
    formerRevisions: (annotations[HISTORY] ?? '')
      .split(',')
      .filter((part) => /^\d+$/.test(part))
      .map(Number),
    templateHash: templateHash(spec.template),
    podTemplateHash: metadata.labels?.[POD_TEMPLATE_HASH] ?? spec.template.metadata?.labels?.[POD_TEMPLATE_HASH] ?? '',
    images: imagesOf(spec.template),
    refs: refsOf(spec.template),
    replicas: spec.replicas ?? 0,
    readyReplicas: status.readyReplicas ?? 0,
    availableReplicas: status.availableReplicas ?? 0,
  };
}
