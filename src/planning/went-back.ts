/**
 * Versions that somebody went back from without the bot: the journal saw no rollback, but the numbers that each ReplicaSet had, or when a
 * ControllerRevision was first deployed, tell in which order versions ran. Whoever runs `kubectl rollout undo` twice is back at the broken version; the default target must not be. Pure.
 */
import type { RevisionRow } from '#clients/kubernetes/rows.ts';

/**
 * A ControllerRevision that comes back keeps none of its numbers. It came back when it has a higher one than another that was first deployed
 * after it; then it first ran before that one. Of two within one second nothing is known.
 */
function formerPlace({ firstDeployedAt = '', revision }: RevisionRow, versions: readonly RevisionRow[]): number[] {
  const overtaken = versions.filter(
    (other) => (other.firstDeployedAt ?? '') > firstDeployedAt && other.revision < revision,
  );
  if (firstDeployedAt === '' || overtaken.length === 0) return [];
  return [Math.min(...overtaken.map((other) => other.revision)) - 0.5];
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
 * that was left takes it back, and says nothing bad of what ran between.
 */
export function wentBackFrom(versions: readonly RevisionRow[]): Set<string> {
  const seen = new Set<string>();
  const left = new Set<string>();
  let before: string | undefined;
  for (const now of sequence(versions)) {
    const isReturn = seen.has(now) && now !== before;
    if (isReturn && !left.delete(now) && before !== undefined) left.add(before);
    seen.add(now);
    before = now;
  }
  return left;
}
