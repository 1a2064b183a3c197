import type { Clock } from '#rollback/ports.ts';

/**
 * Begins to count `ms` down; answers what is left of it, 0 or less once it is over. It is over as soon as either clock says so: a wall clock
 * that was set back must hold no message for an hour, and time that is skipped counts.
 */
export function countdown(clock: Clock, ms: number): () => number {
  const [wallMs, monotonicMs] = [clock.now() + ms, clock.monotonic() + ms];
  return () => Math.min(wallMs - clock.now(), monotonicMs - clock.monotonic());
}
