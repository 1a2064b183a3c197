/**
 * Tells the journal which versions were rolled back from, as soon as they were: whoever goes further back a minute later must not be
 * offered the version that was just left. Comes again in each pass until it is written.
 */
import type { Rollback } from '#rollback/rollback.ts';
import type { Parts } from '../parts.ts';

/** Rejects only for the caller's own abort. */
export async function markLeft(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<void> {
  const { metadata, status } = rollback;
  const patched = status!.targets.filter(({ patchedAt }) => patchedAt !== undefined).map(({ service }) => service);
  const { memory, clock, log, journal } = parts;
  const key = [metadata.uid, ...patched].join(' ');
  if (patched.length === 0 || memory.marked.has(key)) return;
  try {
    await parts.perform(
      {
        kind: 'journal.write',
        id: metadata.name,
        rollback: metadata.name,
        lookFirst: false,
        find: () => Promise.resolve('absent' as const),
        act: (s) => journal.left(rollback, patched, new Date(clock.now()).toISOString(), s),
      },
      signal,
    );
    memory.marked.add(key);
  } catch (error) {
    signal.throwIfAborted();
    log.warn('the journal was not written yet', { rollback: metadata.name, error: String(error) });
  }
}
