/**
 * Tells the journal which versions were rolled back from, as soon as they were: whoever goes further back a minute later must not be
 * offered the version that was just left. Comes again in each pass until it is written.
 */
import type { Rollback } from '#rollback/rollback.ts';
import type { Parts } from '../parts.ts';

function toMark({ metadata, status }: Rollback) {
  const patched = status!.targets.filter(({ patchedAt }) => patchedAt !== undefined).map(({ service }) => service);
  return { patched, key: [metadata.uid, ...patched].join(' ') };
}

/** In this term: what was left of it is in the journal. */
export function isMarked(rollback: Rollback, { memory }: Parts): boolean {
  const { patched, key } = toMark(rollback);
  return patched.length === 0 || memory.marked.has(key);
}

/** Rejects only for the caller's own abort. */
export async function markLeft(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<void> {
  if (isMarked(rollback, parts)) return;
  const { metadata } = rollback;
  const { patched, key } = toMark(rollback);
  const { memory, clock, log, journal } = parts;
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
