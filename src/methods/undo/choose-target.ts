/** Which version to go back to (design §5): the default target, or the one a person named. Pure. */
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { isRefusal, type Refusal } from '#rollback/failure.ts';
import type { MethodTarget } from '../method.ts';
import { alreadyRuns, notObserved, nothingToGoBackTo, onlyLeftVersions, paused, unknownVersion } from './refusals.ts';
import { currentReplicaSet, mainImage, oldestFirst, ownedReplicaSets, versionOf, versionText } from './versions.ts';

export interface Chosen {
  from: RevisionRow;
  to: RevisionRow;
  /** `to` is the version that ran just before `from`, or was deployed just before it where `from` came back since. */
  isPrevious: boolean;
}

/** The cluster has worked off the last change, as far as these rows show. Before that, "the one before" is one too far back. */
export function isObserved(deployment: WorkloadRow, replicaSets: readonly RevisionRow[]): boolean {
  const isTakenUp = deployment.observedGeneration >= deployment.generation;
  return isTakenUp && currentReplicaSet(deployment, ownedReplicaSets(deployment, replicaSets)) !== undefined;
}

/** `replicaSets` may hold those of other Deployments too. */
export function chooseTarget(
  target: MethodTarget,
  deployment: WorkloadRow,
  replicaSets: readonly RevisionRow[],
): Chosen | Refusal {
  const owned = ownedReplicaSets(deployment, replicaSets);
  const from = currentReplicaSet(deployment, owned);
  if (from === undefined || !isObserved(deployment, replicaSets)) return notObserved(target);
  if (deployment.paused) return paused(target);
  const earlier = owned.filter((row) => row.templateHash !== from.templateHash && row.revision > 0);
  const to =
    target.to === undefined ? defaultTarget(target, deployment, earlier) : namedTarget(target, deployment, owned);
  if (isRefusal(to)) return to;
  if (to.templateHash === from.templateHash) return alreadyRuns(target, versionOf(from, deployment));
  return { from, to, isPrevious: isPreviousOf(from, to, earlier) };
}

/**
 * By number the one just before; and where an undo brought `from` back, which gave it a number above what came after it, also the one that
 * was first deployed just before it.
 */
function isPreviousOf(from: RevisionRow, to: RevisionRow, earlier: readonly RevisionRow[]): boolean {
  if (to.uid === earlier[0]?.uid) return true;
  const createdMs = (row: RevisionRow): number => Date.parse(row.createdAt);
  const cameBack = earlier.some((row) => createdMs(row) > createdMs(from));
  const before = earlier.filter((row) => createdMs(row) < createdMs(from));
  const latest = before.toSorted((a, b) => createdMs(b) - createdMs(a))[0];
  return cameBack && to.uid === latest?.uid;
}

/**
 * The newest known good; else the newest that was seen to run at all; else, for no entry in the journal means "not known", what kubectl
 * would take. Never one that was left, nor a ReplicaSet without a number, which this Deployment never deployed.
 */
function defaultTarget(
  target: MethodTarget,
  deployment: WorkloadRow,
  earlier: readonly RevisionRow[],
): RevisionRow | Refusal {
  if (earlier.length === 0) return nothingToGoBackTo(target, deployment.revisionHistoryLimit);
  const standing = earlier.filter((row) => !target.avoid.has(row.templateHash));
  const minutes = (row: RevisionRow): number => target.ranWell.get(row.templateHash) ?? 0;
  const chosen =
    standing.find((row) => minutes(row) >= (target.knownGoodMinutes ?? 0) && minutes(row) > 0) ??
    standing.find((row) => minutes(row) > 0) ??
    standing[0];
  if (chosen !== undefined) return chosen;
  const left = earlier.map((row) => versionOf(row, deployment));
  return onlyLeftVersions(target, left);
}

/** A revision number first, also one that the version had before it was rolled back to; then an image tag. */
function namedTarget(
  target: MethodTarget,
  deployment: WorkloadRow,
  owned: readonly RevisionRow[],
): RevisionRow | Refusal {
  const wanted = target.to ?? '';
  const number = /^[1-9]\d*$/.test(wanted) ? Number(wanted) : undefined;
  const byRevision =
    withNumber(deployment, owned, (row) => row.revision === number) ??
    withNumber(deployment, owned, (row) => number !== undefined && row.formerRevisions.includes(number));
  const tagged = byRevision === undefined ? withTag(wanted, deployment, owned) : [];
  // The same tag with other settings: rather not the one that runs, nor one that was left.
  const others = tagged.filter((row) => row.templateHash !== deployment.templateHash);
  const chosen = byRevision ?? others.find((row) => !target.avoid.has(row.templateHash)) ?? others[0] ?? tagged[0];
  if (chosen !== undefined) return chosen;
  const existing = owned.map((row) => versionOf(row, deployment));
  return unknownVersion(target, wanted, existing);
}

/** Of several with the same number the one that kubectl takes: the oldest, the one that runs only when there is no other. */
function withNumber(
  deployment: WorkloadRow,
  owned: readonly RevisionRow[],
  hasIt: (row: RevisionRow) => boolean,
): RevisionRow | undefined {
  const found = owned.filter(hasIt).toSorted(oldestFirst);
  const current = currentReplicaSet(deployment, owned);
  return found.find((row) => row !== current) ?? found[0];
}

function withTag(wanted: string, { name }: WorkloadRow, owned: readonly RevisionRow[]): RevisionRow[] {
  const bare = (text: string): string => text.toLowerCase().replace(/^v(?=\d)/, '');
  const tag = (row: RevisionRow): string => versionText(mainImage(row.images, name));
  const exact = owned.filter((row) => tag(row) === wanted || mainImage(row.images, name) === wanted);
  return exact.length > 0 ? exact : owned.filter((row) => bare(tag(row)) === bare(wanted));
}
