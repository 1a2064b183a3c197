/**
 * ControllerRevision of a StatefulSet or DaemonSet, as the API server sends it, in the shape of a RevisionRow: one version, by the number
 * in `.revision`. It has no pods of its own; how many there are is counted by workload-history.ts.
 */
import type { KubernetesObject } from '../api.ts';
import type { RevisionRow } from '../rows.ts';
import { templateHash } from '../template-hash.ts';
import { imagesOf, type RawTemplate, refsOf, withoutNullTime } from './template-parts.ts';
import { LAST_APPLIED } from './workload-parts.ts';

/** On a DaemonSet's ControllerRevision as on its pods. A StatefulSet's pods carry the ControllerRevision's name. */
export const POD_REVISION_LABEL = 'controller-revision-hash';

export interface RawControllerRevision extends KubernetesObject {
  metadata: KubernetesObject['metadata'] & { managedFields?: { time?: string }[] };
  revision: number;
  /** A strategic merge patch; whatever else others keep in theirs. */
  data?: { spec?: { template?: RawTemplate & { $patch?: string } } };
}

/** The pod template as it was in its StatefulSet or DaemonSet. It holds secrets. undefined: there is none. */
export function templateOfRevision({ data }: RawControllerRevision): RawTemplate | undefined {
  const { $patch: _directive, ...template } = data?.spec?.template ?? {};
  return data?.spec?.template === undefined ? undefined : withoutNullTime(template);
}

/** The controller writes it when it makes it and each time it comes back: the newest of these times. */
function deployedAt({ metadata }: RawControllerRevision): string {
  const times = (metadata.managedFields ?? []).flatMap(({ time }) => time ?? []);
  return times.reduce(
    (newest, time) => (Date.parse(time) > Date.parse(newest) ? time : newest),
    metadata.creationTimestamp,
  );
}

export function controllerRevisionRow(raw: RawControllerRevision): RevisionRow {
  const { metadata, revision } = raw;
  const owner = metadata.ownerReferences?.find((ref) => ref.controller);
  const template = templateOfRevision(raw) ?? {};
  const { [LAST_APPLIED]: _whole, ...annotations } = metadata.annotations ?? {};
  const ofDaemonSet = owner?.kind === 'DaemonSet' ? metadata.labels?.[POD_REVISION_LABEL] : undefined;
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid,
    createdAt: deployedAt(raw),
    firstDeployedAt: metadata.creationTimestamp,
    ...(owner === undefined ? {} : { ownerUid: owner.uid }),
    annotations,
    revision,
    formerRevisions: [],
    templateHash: templateHash(template),
    podTemplateHash: ofDaemonSet ?? metadata.name,
    images: imagesOf(template),
    refs: refsOf(template),
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
  };
}
