/**
 * How long finished rollbacks are kept: 180 days, and always the last three that touched a service, however old. Their evidence goes with
 * them, for they own it. Only what is settled is ever deleted.
 */
import { trueCondition } from '#rollback/conditions.ts';
import type { Log, Perform } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';

const KEPT_MS = 180 * 24 * 60 * 60_000;
const KEPT_PER_SERVICE = 3;

const touched = ({ status }: Rollback): string[] =>
  (status?.targets ?? []).flatMap(({ service, patchedAt }) => (patchedAt === undefined ? [] : [service]));

/** Which are kept no longer, oldest first. Pure. */
export function expired(rollbacks: readonly Rollback[], nowMs: number): Rollback[] {
  const oldestFirst = rollbacks.toSorted(
    (a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp),
  );
  const later = new Map<string, number>();
  const isAmongLast = (rollback: Rollback): boolean => {
    const counts = touched(rollback).map((service) => {
      const key = `${rollback.spec.environment} ${service}`;
      const count = (later.get(key) ?? 0) + 1;
      later.set(key, count);
      return count;
    });
    return counts.some((count) => count <= KEPT_PER_SERVICE);
  };
  const kept = new Set(oldestFirst.toReversed().filter(isAmongLast));
  return oldestFirst.filter((rollback) => {
    const { status, metadata } = rollback;
    const isSettled = status !== undefined && trueCondition(status.conditions, 'Settled') !== undefined;
    const endedMs = Date.parse(status?.endedAt ?? metadata.creationTimestamp);
    return isSettled && !kept.has(rollback) && nowMs - endedMs > KEPT_MS;
  });
}

interface RetentionParts {
  store: { list(): Rollback[]; remove(rollback: Rollback, signal: AbortSignal): Promise<void> };
  clock: { now(): number };
  log: Log;
}

/** One look. Rejects only for the caller's own abort: what was not deleted now is deleted later. */
export async function retain(
  { store, clock, log }: RetentionParts,
  perform: Perform,
  signal: AbortSignal,
): Promise<void> {
  for (const rollback of expired(store.list(), clock.now())) {
    const { name, uid } = rollback.metadata;
    try {
      await perform(
        {
          kind: 'rollback.delete',
          id: uid,
          rollback: name,
          lookFirst: false,
          find: () => Promise.resolve('absent' as const),
          act: (s) => store.remove(rollback, s),
        },
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      log.warn('an old rollback was not deleted', { rollback: name, error: String(error) });
      return;
    }
  }
}
