/** Versions with what the journal knows of them: how long they ran well, and whether they were left. Pure. */
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Memory } from '#journal/journal.ts';
import { currentReplicaSet, ownedReplicaSets, versionOf } from '#methods/undo/versions.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import type { Version } from '#rollback/plan.ts';
import { comebackOf, type Comebacks } from './comebacks.ts';
import { wentBackFrom } from './went-back.ts';

/** What the journal knows about a version, added to it. */
export function withMemory(version: Version, memory: Memory): Version {
  const minutes = memory.ranWell.get(version.templateHash);
  const leftAt = memory.left.get(version.templateHash)?.leftAt;
  return {
    ...version,
    ...(minutes === undefined ? {} : { ranWellMinutes: Math.max(1, Math.floor(minutes)) }),
    ...(leftAt === undefined ? {} : { leftAt }),
  };
}

/**
 * A ReplicaSet that came back by an undo keeps its first creation time, and the annotations of its first deploy: the rollback that did it
 * says when and whose it was; of any other undo the journal saw when.
 */
function returnOf(row: RevisionRow, memory: Memory, comebacks: Comebacks): { at?: string; by?: string } | undefined {
  const comeback = comebackOf(comebacks, row);
  if (comeback !== undefined) return { at: comeback.at, by: comeback.by };
  if (row.formerRevisions.length === 0) return undefined;
  const since = memory.since.get(row.templateHash);
  return since !== undefined && Date.parse(since) > Date.parse(row.createdAt) ? { at: since } : {};
}

export function rememberedVersion(
  row: RevisionRow,
  deployment: WorkloadRow,
  memory: Memory,
  comebacks: Comebacks,
): Version {
  const version = withMemory(versionOf(row, deployment), memory);
  const back = returnOf(row, memory, comebacks);
  if (back === undefined) return version;
  const { at = row.createdAt, by } = back;
  return {
    ...version,
    deployedAt: at,
    cameBack: { firstDeployedAt: row.createdAt, ...(by === undefined ? {} : { by }) },
  };
}

/** Versions that still exist, newest first, with the current and the last known good one marked. */
export function historyOf(
  deployment: WorkloadRow,
  replicaSets: readonly RevisionRow[],
  memory: Memory,
  comebacks: Comebacks,
  knownGoodMinutes: number,
): HistoryEntry[] {
  const owned = ownedReplicaSets(deployment, replicaSets);
  const current = currentReplicaSet(deployment, owned);
  const versions = owned.map((row) => rememberedVersion(row, deployment, memory, comebacks));
  const left = wentBackFrom(owned, memory.numbers);
  const lastGood = versions.find(
    ({ templateHash, ranWellMinutes = 0, leftAt }) =>
      templateHash !== current?.templateHash &&
      ranWellMinutes >= knownGoodMinutes &&
      leftAt === undefined &&
      !left.has(templateHash),
  );
  return versions.map((v) => ({
    ...v,
    current: v.replicaSet.uid === current?.uid,
    lastKnownGood: v === lastGood,
  }));
}
