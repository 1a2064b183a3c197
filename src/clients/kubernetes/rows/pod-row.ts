/** Pod, as the API server sends it → PodRow. */
import type { KubernetesObject } from '../api.ts';
import type { Condition, ContainerRow, PodRow } from '../rows.ts';

interface RawContainerStatus {
  name: string;
  image?: string;
  imageID?: string;
  ready?: boolean;
  restartCount?: number;
  state?: RawState;
  lastState?: RawState;
}

interface RawState {
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; exitCode?: number };
}

export interface RawPod extends KubernetesObject {
  status?: {
    phase?: string;
    conditions?: Condition[];
    containerStatuses?: RawContainerStatus[];
    initContainerStatuses?: RawContainerStatus[];
  };
}

function containerRow(raw: RawContainerStatus): ContainerRow {
  const waiting = raw.state?.waiting;
  const terminated = raw.state?.terminated ?? raw.lastState?.terminated;
  return {
    name: raw.name,
    image: raw.image ?? '',
    imageId: raw.imageID ?? '',
    ready: raw.ready ?? false,
    restartCount: raw.restartCount ?? 0,
    ...(waiting === undefined
      ? {}
      : {
          waiting: {
            reason: waiting.reason ?? '',
            ...(waiting.message === undefined ? {} : { message: waiting.message }),
          },
        }),
    ...(terminated === undefined
      ? {}
      : { terminated: { reason: terminated.reason ?? '', exitCode: terminated.exitCode ?? 0 } }),
  };
}

/** Containers: init containers first while they have not ended well, because then they are what the pod waits for. */
function containersOf(status: NonNullable<RawPod['status']>): ContainerRow[] {
  const init = (status.initContainerStatuses ?? []).filter(
    (c) => c.state?.terminated?.exitCode !== 0 && c.ready !== true,
  );
  return [...init, ...(status.containerStatuses ?? [])].map(containerRow);
}

export function podRow({ metadata, status = {} }: RawPod): PodRow {
  const conditions = status.conditions ?? [];
  const isReady = conditions.some((c) => c.type === 'Ready' && c.status === 'True');
  const bad =
    conditions.find((c) => c.type === 'PodScheduled' && c.status === 'False') ??
    conditions.find((c) => c.type === 'Ready' && c.status === 'False');
  const owner = metadata.ownerReferences?.find((ref) => ref.controller);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    labels: metadata.labels ?? {},
    ...(owner === undefined ? {} : { ownerUid: owner.uid }),
    phase: status.phase ?? 'Unknown',
    ready: isReady,
    deleting: metadata.deletionTimestamp !== undefined,
    ...(bad?.reason === undefined ? {} : { reason: bad.reason }),
    ...(bad?.message === undefined ? {} : { message: bad.message }),
    containers: containersOf(status),
  };
}
