/** Which services of a monitored rollback a newer one took over. Pure. */
import type { Rollback } from '#rollback/rollback.ts';

/** Service → name of the newer rollback that took it over. */
export type Covered = ReadonlyMap<string, string>;

const NOT_BEGUN: ReadonlySet<string> = new Set(['Pending', 'Refused', 'Cancelled']);

/** When it began, as the leader wrote it: an object's own creation is known to the second only, and two may fall into one. */
const beganMs = ({ metadata, status }: Rollback): number => Date.parse(status?.startedAt ?? metadata.creationTimestamp);

/** Newer by its beginning, then by name: the same order for every replica. */
function isNewer(a: Rollback, b: Rollback): boolean {
  const difference = beganMs(a) - beganMs(b);
  return difference > 0 || (difference === 0 && a.metadata.name > b.metadata.name);
}

/** Those of the same environment that began later, oldest first. */
function newerThan(rollback: Rollback, all: readonly Rollback[]): Rollback[] {
  return all
    .filter((other) => other.metadata.uid !== rollback.metadata.uid)
    .filter((other) => other.spec.environment === rollback.spec.environment && isNewer(other, rollback))
    .filter((other) => !other.spec.dryRun && other.status !== undefined && !NOT_BEGUN.has(other.status.phase))
    .toSorted((a, b) => (isNewer(a, b) ? 1 : -1));
}

/** Services that a newer rollback is about to patch, or may have patched already: a change that is seen there may be its own. */
export function contested(rollback: Rollback, all: readonly Rollback[]): ReadonlySet<string> {
  const targets = newerThan(rollback, all).flatMap((other) => other.status?.targets ?? []);
  return new Set(targets.filter(({ state }) => state === 'Waiting').map(({ service }) => service));
}

/** Service → name of the newest rollback of the same environment that has touched it since. */
export function coveredBy(rollback: Rollback, all: readonly Rollback[]): Map<string, string> {
  const covered = new Map<string, string>();
  for (const other of newerThan(rollback, all)) {
    for (const { service, patchedAt } of other.status?.targets ?? []) {
      // One that only waits may still be refused: until it is patched, the older one's word stands.
      if (patchedAt !== undefined) covered.set(service, other.metadata.name);
    }
  }
  return covered;
}

/** The rollback that took over all that was left to watch; undefined while something is left. */
export function supersededBy(rollback: Rollback, covered: Covered): string | undefined {
  const watched = (rollback.status?.targets ?? []).filter(({ state }) => state === 'Back' || state === 'NotBack');
  const names = watched.map(({ service }) => covered.get(service));
  return names.length > 0 && names.every((name) => name !== undefined) ? names.at(-1) : undefined;
}
