/** Versions with what the journal knows of them: how long they ran well, and whether they were left. Pure. */
import type { DeploymentRow, ReplicaSetRow } from '#clients/kubernetes/rows.ts';
import type { Memory } from '#journal/journal.ts';
import { currentReplicaSet, ownedReplicaSets, versionOf } from '#methods/undo/versions.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import type { Version } from '#rollback/plan.ts';

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

/** A ReplicaSet that came back by an undo keeps its first creation time; the journal saw when it came back. */
function deployedAt(row: ReplicaSetRow, memory: Memory): string {
  const since = row.formerRevisions.length > 0 ? memory.since.get(row.templateHash) : undefined;
  return since !== undefined && Date.parse(since) > Date.parse(row.createdAt) ? since : row.createdAt;
}

export function rememberedVersion(row: ReplicaSetRow, deployment: DeploymentRow, memory: Memory): Version {
  return { ...withMemory(versionOf(row, deployment), memory), deployedAt: deployedAt(row, memory) };
}

/** Versions that still exist, newest first, with the current and the last known good one marked. */
export function historyOf(
  deployment: DeploymentRow,
  replicaSets: readonly ReplicaSetRow[],
  memory: Memory,
): HistoryEntry[] {
  const owned = ownedReplicaSets(deployment, replicaSets);
  const current = currentReplicaSet(deployment, owned);
  const versions = owned.map((row) => rememberedVersion(row, deployment, memory));
  const lastGood = versions.find(
    (v) => v.templateHash !== current?.templateHash && v.ranWellMinutes !== undefined && v.leftAt === undefined,
  );
  return versions.map((v) => ({
    ...v,
    current: v.replicaSet.uid === current?.uid,
    lastKnownGood: v === lastGood,
  }));
}
