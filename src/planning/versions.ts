/** A ReplicaSet as a person sees it: a version with its tag, its age, and what the journal knows of it. Pure. */
import type { DeploymentRow, ReplicaSetRow } from '#clients/kubernetes/rows.ts';
import type { Memory } from '#journal/journal.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import type { Version } from '#rollback/plan.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const MAX_CAUSE = 80;

/** "registry/auth-service:v1.4.2" → "v1.4.2"; by digest: its first 12 characters; neither: "latest", which a pull would take. */
export function versionText(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag ?? digest?.replace(/^sha256:/, '').slice(0, 12) ?? 'latest';
}

/** The image that names the version: of the container called like the workload, otherwise the first. */
export function mainImage(images: Record<string, string>, workload: string): string {
  return images[workload] ?? Object.values(images)[0] ?? '';
}

/** When the version was deployed last, as far as is known: a ReplicaSet that came back by an undo keeps its first creation time. */
function deployedAt(row: ReplicaSetRow, memory: Memory): string {
  const since = row.formerRevisions.length > 0 ? memory.since.get(row.templateHash) : undefined;
  return since !== undefined && Date.parse(since) > Date.parse(row.createdAt) ? since : row.createdAt;
}

/** What the journal knows about a version, added to it. */
export function withMemory(version: Version, memory: Memory): Version {
  const minutes = memory.ranWell.get(version.templateHash);
  const leftAt = memory.left.get(version.templateHash)?.leftAt;
  return {
    ...version,
    ...(minutes === undefined ? {} : { ranWellMinutes: Math.max(1, Math.round(minutes)) }),
    ...(leftAt === undefined ? {} : { leftAt }),
  };
}

export function versionOf(row: ReplicaSetRow, deployment: DeploymentRow, memory: Memory): Version {
  const image = mainImage(row.images, deployment.name);
  const cause = row.annotations[CHANGE_CAUSE]?.slice(0, MAX_CAUSE);
  const version: Version = {
    version: versionText(image),
    image,
    revision: row.revision,
    replicaSet: { name: row.name, uid: row.uid },
    templateHash: row.templateHash,
    deployedAt: deployedAt(row, memory),
    ...(cause ? { deployedBy: cause } : {}),
  };
  return withMemory(version, memory);
}

/** The ReplicaSets of a Deployment, newest revision first. */
export function ownedReplicaSets(deployment: DeploymentRow, replicaSets: readonly ReplicaSetRow[]): ReplicaSetRow[] {
  return replicaSets
    .filter((r) => r.ownerUid === deployment.uid)
    .toSorted((a, b) => b.revision - a.revision || Date.parse(b.createdAt) - Date.parse(a.createdAt));
}

/** Versions that still exist, newest first, with the current and the last known good one marked. */
export function historyOf(
  deployment: DeploymentRow,
  replicaSets: readonly ReplicaSetRow[],
  memory: Memory,
): HistoryEntry[] {
  const versions = ownedReplicaSets(deployment, replicaSets).map((row) => versionOf(row, deployment, memory));
  const currentAt = versions.findIndex((v) => v.templateHash === deployment.templateHash);
  const lastGood = versions.find((v, at) => at > currentAt && v.ranWellMinutes !== undefined && v.leftAt === undefined);
  return versions.map((v, at) => ({ ...v, current: at === currentAt, lastKnownGood: v === lastGood }));
}
