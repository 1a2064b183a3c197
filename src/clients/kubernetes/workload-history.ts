/**
 * A workload with its versions and its pods, whatever its kind: what plans, progress and evidence look at. Pure joins of the caches. It may
 * be as old as they are.
 */
import type { Watched, Workloads } from './api.ts';
import type { WorkloadRow, PodRow, RevisionRow, WorkloadKind } from './rows.ts';
import { POD_REVISION_LABEL } from './rows/controller-revision-row.ts';

export interface WorkloadHistory {
  workload: WorkloadRow;
  versions: RevisionRow[];
  /** Those that its selector matches, whoever made them; `ownerUid` is the uid of the version that they run, where one is known. */
  pods: PodRow[];
}

type Caches = Pick<
  Workloads,
  'deployments' | 'replicaSets' | 'pods' | 'statefulSets' | 'daemonSets' | 'controllerRevisions'
>;

function workloadsOfKind(caches: Caches, kind: WorkloadKind): Watched<WorkloadRow> | undefined {
  if (kind === 'StatefulSet') return caches.statefulSets;
  return kind === 'DaemonSet' ? caches.daemonSets : caches.deployments;
}

/** The caches that a statement about this kind rests on; undefined: the kind is not watched. */
export function cachesOf(caches: Caches, kind: WorkloadKind): Watched<unknown>[] | undefined {
  const workloads = workloadsOfKind(caches, kind);
  const versions = kind === 'Deployment' ? caches.replicaSets : caches.controllerRevisions;
  return workloads && versions && [workloads, versions, caches.pods];
}

/** undefined: there is none of that kind and name, as far as is known. */
export function historyOf(caches: Caches, kind: WorkloadKind, name: string): WorkloadHistory | undefined {
  const workload = workloadsOfKind(caches, kind)?.get(name);
  if (workload === undefined) return undefined;
  const selector = Object.entries(workload.selector);
  const pods = caches.pods.all().filter((pod) => selector.every(([key, value]) => pod.labels[key] === value));
  const own = (rows: readonly RevisionRow[]): RevisionRow[] => rows.filter((row) => row.ownerUid === workload.uid);
  if (kind === 'Deployment') return { workload, versions: own(caches.replicaSets.all()), pods };
  return joinRevisions(workload, own(caches.controllerRevisions?.all() ?? []), pods);
}

/** The earliest of the dates. */
function firstOf(equal: readonly RevisionRow[]): Pick<RevisionRow, 'firstDeployedAt'> {
  const [firstDeployedAt] = equal.flatMap((row) => row.firstDeployedAt ?? []).toSorted();
  return firstDeployedAt === undefined ? {} : { firstDeployedAt };
}

/**
 * Equal templates are one version, under the highest of their numbers: two ControllerRevisions may hold the same (kubernetes issue 111280).
 * The lower numbers still name it.
 */
function distinct(revisions: readonly RevisionRow[]): { row: RevisionRow; podHashes: Set<string> }[] {
  return [...Map.groupBy(revisions, (row) => row.templateHash).values()].map((equal) => {
    const [newest, ...older] = equal.toSorted((a, b) => b.revision - a.revision);
    return {
      row: { ...newest!, ...firstOf(equal), formerRevisions: older.map(({ revision }) => revision) },
      podHashes: new Set(equal.map((row) => row.podTemplateHash)),
    };
  });
}

/** Pure. `revisions`: all of this StatefulSet or DaemonSet. */
export function joinRevisions(
  workload: WorkloadRow,
  revisions: readonly RevisionRow[],
  pods: readonly PodRow[],
): WorkloadHistory {
  const known = distinct(revisions);
  const versionOf = (pod: PodRow): RevisionRow | undefined =>
    pod.ownerUid === workload.uid
      ? known.find(({ podHashes }) => podHashes.has(pod.labels[POD_REVISION_LABEL] ?? ''))?.row
      : undefined;
  const joined = pods.map((pod) => {
    const uid = versionOf(pod)?.uid;
    return uid === undefined ? pod : { ...pod, ownerUid: uid };
  });
  const versions = known.map(({ row }) => {
    const running = joined.filter((pod) => pod.ownerUid === row.uid && !pod.deleting);
    const ready = running.filter((pod) => pod.ready).length;
    return { ...row, replicas: running.length, readyReplicas: ready, availableReplicas: ready };
  });
  const revision = versions.find((row) => row.templateHash === workload.templateHash)?.revision ?? 0;
  return { workload: { ...workload, revision }, versions, pods: joined };
}
