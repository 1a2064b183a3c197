/**
 * The journal: what the cluster does not remember (design §5). A ReplicaSet scaled to 0 does not say whether it ever ran well, nor that
 * somebody left it in the night; the leader writes both down, one journal per environment. This file is pure: observe, mark, withdraw,
 * merge, prune. It knows versions by Deployment name and template hash, and holds no template. No entry means "not known", never "good".
 */
import type { WorkloadKind } from '#rollback/workload.ts';
import { z } from 'zod';

/** A Deployment by its name alone, others with their kind: one name may stand for several. */
export function workloadKey({ kind, name }: { kind: WorkloadKind; name: string }): string {
  return kind === 'Deployment' ? name : `${kind}/${name}`;
}

/** One version of one workload as it was seen to run. */
export const Rollout = z.object({
  /** Its key, see `workloadKey`. */
  workload: z.string(),
  templateHash: z.string(),
  replicaSet: z.object({ name: z.string(), uid: z.string() }),
  /** First seen complete since it was last deployed, and last seen complete. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Minutes it was seen with every wanted pod available, all its deployments together. */
  healthyMinutes: z.number().nonnegative(),
  /** It was complete when last looked at, so that time may be added at the next look. */
  watching: z.boolean(),
  /** Another template was asked for since it was last seen: when it runs again, it came back, even if nothing else ever ran well between. */
  replaced: z.boolean().optional(),
});
export type Rollout = z.infer<typeof Rollout>;

/** A version that was rolled back from. */
export const LeftMark = z.object({
  workload: z.string(),
  templateHash: z.string(),
  leftAt: z.iso.datetime(),
  /** Name of the rollback that left it. */
  by: z.string(),
  /** That rollback was undone at this time: the mark no longer counts. It stays, so that a repeated mark does not revive it. */
  withdrawnAt: z.iso.datetime().optional(),
});
export type LeftMark = z.infer<typeof LeftMark>;

/**
 * A number that a version of a StatefulSet or DaemonSet was seen under. When it comes back it gets another one, and a ControllerRevision,
 * unlike a ReplicaSet, keeps no list of those it had.
 */
export const Numbered = z.object({
  workload: z.string(),
  /** Uid of the StatefulSet or DaemonSet: one made anew counts from 1 again. */
  owner: z.string(),
  templateHash: z.string(),
  revision: z.number().int().positive(),
});
export type Numbered = z.infer<typeof Numbered>;

export interface Journal {
  rollouts: Rollout[];
  left: LeftMark[];
  /** Oldest first; absent where there is none. */
  numbers?: Numbered[];
}

export const EMPTY_JOURNAL: Journal = { rollouts: [], left: [] };

/** Half of what one object may hold in etcd's usual limits, and far more than nine services need. */
const MAX_JOURNAL_BYTES = 256 * 1024;
const MAX_ROLLOUTS_PER_WORKLOAD = 30;
const MAX_MARKS_PER_WORKLOAD = 30;
const MAX_NUMBERS_PER_WORKLOAD = 60;

const rolloutKey = (r: Rollout): string => `${r.workload} ${r.templateHash}`;
const markKey = (m: LeftMark): string => `${m.workload} ${m.templateHash} ${m.by}`;
const numberKey = (n: Numbered): string => `${n.workload} ${n.owner} ${n.revision}`;
const having = (numbers: Numbered[]): Pick<Journal, 'numbers'> => (numbers.length === 0 ? {} : { numbers });

/** Adds numbers that were not known; the very same journal when all were. */
export function noteNumbers(journal: Journal, seen: readonly Numbered[]): Journal {
  const known = new Set(journal.numbers?.map(numberKey));
  const fresh = seen.filter((one) => !known.has(numberKey(one)));
  return fresh.length === 0 ? journal : { ...journal, numbers: [...(journal.numbers ?? []), ...fresh] };
}

/** Marks versions as rolled back from. Repeating it changes nothing, also after the mark was withdrawn. */
export function markLeft(journal: Journal, marks: readonly LeftMark[]): Journal {
  const known = new Set(journal.left.map(markKey));
  const fresh = marks.filter((mark) => !known.has(markKey(mark)));
  return fresh.length === 0 ? journal : { ...journal, left: [...journal.left, ...fresh] };
}

/** The rollback `by` was undone for these workloads: what it left there counts as an ordinary version again. */
export function withdrawMarks(
  journal: Journal,
  { by, at, workloads }: { by: string; at: string; workloads: readonly string[] },
): Journal {
  const isMeant = (m: LeftMark): boolean =>
    m.by === by && m.withdrawnAt === undefined && workloads.includes(m.workload);
  if (!journal.left.some(isMeant)) return journal;
  return { ...journal, left: journal.left.map((m) => (isMeant(m) ? { ...m, withdrawnAt: at } : m)) };
}

/** Joins two copies of one journal that grew apart: nothing that either saw is lost, nothing is counted twice. */
export function mergeJournals(a: Journal, b: Journal): Journal {
  const rollouts = new Map(a.rollouts.map((r) => [rolloutKey(r), r]));
  for (const other of b.rollouts) {
    const mine = rollouts.get(rolloutKey(other));
    const newer = mine === undefined || Date.parse(other.to) >= Date.parse(mine.to) ? other : mine;
    const healthyMinutes = Math.max(other.healthyMinutes, mine?.healthyMinutes ?? 0);
    rollouts.set(rolloutKey(other), { ...newer, healthyMinutes });
  }
  const left = new Map(a.left.map((m) => [markKey(m), m]));
  for (const other of b.left) {
    const mine = left.get(markKey(other));
    left.set(markKey(other), mine?.withdrawnAt === undefined ? other : mine);
  }
  const { numbers = [] } = noteNumbers(a, b.numbers ?? []);
  return { rollouts: [...rollouts.values()], left: [...left.values()], ...having(numbers) };
}

/** The newest `limit` per workload, in the order given. */
function newestPerWorkload<T extends { workload: string }>(
  all: readonly T[],
  at: (x: T) => string,
  limit: number,
): T[] {
  const kept = new Set<T>();
  for (const group of Map.groupBy(all, (x) => x.workload).values()) {
    const newestFirst = group.toSorted((a, b) => Date.parse(at(b)) - Date.parse(at(a)));
    for (const one of newestFirst.slice(0, limit)) kept.add(one);
  }
  return all.filter((x) => kept.has(x));
}

/** Forgets the oldest first, until the journal's JSON fits into `maxBytes`. */
export function pruneJournal(journal: Journal, maxBytes = MAX_JOURNAL_BYTES): Journal {
  for (let limit = MAX_ROLLOUTS_PER_WORKLOAD; ; limit = Math.floor(limit / 2)) {
    const byWorkload = Map.groupBy(journal.numbers ?? [], (n) => n.workload);
    const newestNumbers = Math.min(limit * 2, MAX_NUMBERS_PER_WORKLOAD);
    const pruned = {
      rollouts: newestPerWorkload(journal.rollouts, (r) => r.to, limit),
      left: newestPerWorkload(journal.left, (m) => m.leftAt, Math.min(limit, MAX_MARKS_PER_WORKLOAD)),
      ...having([...byWorkload.values()].flatMap((all) => (newestNumbers === 0 ? [] : all.slice(-newestNumbers)))),
    };
    if (limit === 0 || Buffer.byteLength(JSON.stringify(pruned)) <= maxBytes) return pruned;
  }
}

/** What the journal knows about the versions of one workload, each by its template hash. */
export interface Memory {
  /** Minutes seen healthy; only versions that were seen so at all. */
  ranWell: ReadonlyMap<string, number>;
  /** Versions rolled back from, by the newest mark that still counts. */
  left: ReadonlyMap<string, LeftMark>;
  /** When each version was first seen complete since it was last deployed. */
  since: ReadonlyMap<string, string>;
  /** Numbers that versions of a StatefulSet or DaemonSet had. */
  numbers: readonly Numbered[];
}

export function memoryOf(journal: Journal, workload: string): Memory {
  const rollouts = journal.rollouts.filter((r) => r.workload === workload);
  const marks = journal.left
    .filter((m) => m.workload === workload && m.withdrawnAt === undefined)
    .toSorted((a, b) => Date.parse(a.leftAt) - Date.parse(b.leftAt));
  return {
    ranWell: new Map(rollouts.filter((r) => r.healthyMinutes > 0).map((r) => [r.templateHash, r.healthyMinutes])),
    left: new Map(marks.map((m) => [m.templateHash, m])),
    since: new Map(rollouts.map((r) => [r.templateHash, r.from])),
    numbers: (journal.numbers ?? []).filter((n) => n.workload === workload),
  };
}
