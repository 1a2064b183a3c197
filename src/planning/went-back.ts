/**
 * Versions that somebody went back from without the bot: the journal saw no rollback, but the numbers tell in which order versions ran: those
 * that a ReplicaSet lists; those that the journal saw a ControllerRevision have, or else when it was first deployed. Whoever runs `kubectl
 * rollout undo` twice is back at the broken version; the default target must not be. Pure.
 */
import type { RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Numbered } from '#journal/journal.ts';

/** With the numbers of which the journal alone knows that they had them. */
function withNumbers(versions: readonly RevisionRow[], numbers: readonly Numbered[]): RevisionRow[] {
  return versions.map((row) => {
    const known = numbers
      .filter(({ owner, templateHash }) => owner === row.ownerUid && templateHash === row.templateHash)
      .map(({ revision }) => revision);
    const former = new Set([...row.formerRevisions, ...known]);
    former.delete(row.revision);
    return { ...row, formerRevisions: [...former] };
  });
}

/**
 * A ControllerRevision that comes back keeps none of its numbers. Where nobody saw its first one: it came back when it has a higher one than
 * another that was first deployed after it; then it first ran before that one. Of two within one second nothing is known.
 */
function formerPlace(row: RevisionRow, versions: readonly RevisionRow[]): number[] {
  const { firstDeployedAt = '', revision, formerRevisions } = row;
  const overtaken = versions
    .filter((other) => (other.firstDeployedAt ?? '') > firstDeployedAt)
    .flatMap((other) => [other.revision, ...other.formerRevisions])
    .filter((number) => number < revision);
  const first = Math.min(...overtaken);
  const isKnown = formerRevisions.some((number) => number < first);
  return firstDeployedAt === '' || overtaken.length === 0 || isKnown ? [] : [first - 0.5];
}

/** Template hashes by their place in the order in which they were deployed; numbers that nothing has any more are left out. */
function sequence(versions: readonly RevisionRow[]): string[] {
  const runs = versions.flatMap((row) =>
    [row.revision, ...row.formerRevisions, ...formerPlace(row, versions)]
      .filter((at) => at > 0)
      .map((at) => ({ at, templateHash: row.templateHash })),
  );
  return runs.toSorted((a, b) => a.at - b.at).map((run) => run.templateHash);
}

/**
 * Template hashes of versions that an earlier one took the place of, as the journal would have marked them: going forward again to a version
 * that was left takes it back, and says nothing bad of what ran between. `numbers`: the journal's, of this workload.
 */
export function wentBackFrom(versions: readonly RevisionRow[], numbers: readonly Numbered[]): Set<string> {
  const seen = new Set<string>();
  const left = new Set<string>();
  let before: string | undefined;
  for (const now of sequence(withNumbers(versions, numbers))) {
    const isReturn = seen.has(now) && now !== before;
    if (isReturn && !left.delete(now) && before !== undefined) left.add(before);
    seen.add(now);
    before = now;
  }
  return left;
}
