/** What one look at the cluster adds to the journal: which versions run complete, and for how many minutes they have. Pure. */
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { type Journal, type Numbered, noteNumbers, type Rollout, workloadKey } from './journal.ts';

/** Between two looks further apart than this nobody knows how the version ran, so that time is not counted. */
export const MAX_GAP_MS = 2 * 60_000;
/** Healthy minutes that may be lost with a dying leader rather than written each time. */
const SAVE_EVERY_MINUTES = 5;

/** The rollout is complete: the newest template was observed, and every wanted pod is of it and available. */
function isComplete(d: WorkloadRow): boolean {
  const { replicas, updatedReplicas, availableReplicas } = d.status;
  return (
    d.observedGeneration >= d.generation &&
    d.replicas > 0 &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === d.replicas)
  );
}

/** The ReplicaSet of the template that the Deployment asks for; undefined until the controller has made it. */
function currentReplicaSet(d: WorkloadRow, replicaSets: readonly RevisionRow[]): RevisionRow | undefined {
  return replicaSets.find((r) => r.ownerUid === d.uid && r.templateHash === d.templateHash);
}

function seenAgain(rollout: Rollout, isNewStint: boolean, now: number): Rollout {
  const gapMs = now - Date.parse(rollout.to);
  const at = new Date(now).toISOString();
  const { replaced: _replaced, ...again } = rollout;
  if (isNewStint) return { ...again, from: at, to: at, watching: true };
  const minutes = rollout.watching && gapMs > 0 && gapMs <= MAX_GAP_MS ? gapMs / 60_000 : 0;
  return { ...rollout, to: at, watching: true, healthyMinutes: rollout.healthyMinutes + minutes };
}

function observeOne(
  rollouts: readonly Rollout[],
  d: WorkloadRow,
  current: RevisionRow | undefined,
  now: number,
): Rollout[] {
  const mine = rollouts.find((r) => r.templateHash === d.templateHash);
  const others = rollouts
    .filter((r) => r !== mine)
    .map((r): Rollout => (r.watching || !r.replaced ? { ...r, watching: false, replaced: true } : r));
  if (!isComplete(d) || current === undefined) {
    return mine === undefined ? others : [...others, mine.watching ? { ...mine, watching: false } : mine];
  }
  const replicaSet = { name: current.name, uid: current.uid };
  if (mine === undefined) {
    const at = new Date(now).toISOString();
    const { templateHash } = d;
    return [
      ...others,
      { workload: workloadKey(d), templateHash, replicaSet, from: at, to: at, healthyMinutes: 0, watching: true },
    ];
  }
  const wasAway = mine.replaced === true || others.some((r) => Date.parse(r.to) > Date.parse(mine.to));
  return [...others, { ...seenAgain(mine, wasAway, now), replicaSet }];
}

/** What the versions of a StatefulSet or DaemonSet are numbered now, lowest first; ReplicaSets remember that themselves. */
function numbersOf(d: WorkloadRow, versions: readonly RevisionRow[]): Numbered[] {
  if (d.kind === 'Deployment') return [];
  const [workload, owner] = [workloadKey(d), d.uid];
  return versions
    .filter(({ ownerUid, revision }) => ownerUid === owner && revision > 0)
    .map(({ templateHash, revision }) => ({ workload, owner, templateHash, revision }))
    .toSorted((a, b) => a.revision - b.revision);
}

/**
 * The journal after one look at an environment. `now` in ms. Deployments that are not among the rows are left as they are.
 */
export function observe(
  journal: Journal,
  deployments: readonly WorkloadRow[],
  replicaSets: readonly RevisionRow[],
  now: number,
): Journal {
  const byWorkload = Map.groupBy(journal.rollouts, (r) => r.workload);
  for (const d of deployments) {
    const key = workloadKey(d);
    const rollouts = observeOne(byWorkload.get(key) ?? [], d, currentReplicaSet(d, replicaSets), now);
    if (rollouts.length > 0) byWorkload.set(key, rollouts);
  }
  const seen = deployments.flatMap((d) => numbersOf(d, replicaSets));
  return { ...noteNumbers(journal, seen), rollouts: [...byWorkload.values()].flat() };
}

/** Whether `seen` says something that `saved` does not: a version, its end, a mark, or several more minutes. */
export function isWorthSaving(saved: Journal, seen: Journal): boolean {
  if (seen.left !== saved.left && JSON.stringify(seen.left) !== JSON.stringify(saved.left)) return true;
  if (noteNumbers(saved, seen.numbers ?? []) !== saved) return true;
  const known = new Map(saved.rollouts.map((r) => [`${r.workload} ${r.templateHash}`, r]));
  return seen.rollouts.some((r) => {
    const before = known.get(`${r.workload} ${r.templateHash}`);
    if (before === undefined || before.from !== r.from || before.watching !== r.watching) return true;
    if (before.replaced !== r.replaced) return true;
    const grown = r.healthyMinutes - before.healthyMinutes;
    return grown >= SAVE_EVERY_MINUTES || (before.healthyMinutes === 0 && grown > 0);
  });
}
