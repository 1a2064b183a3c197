/**
 * Times of one object come from the clocks of several hosts. Whoever writes to it reads the time here, so that what is written later never
 * bears an earlier time: the order of the timeline, and on which side of the outcome a sentence stands, hang on it (seed 940203).
 */
import type { Clock } from './ports.ts';
import type { RollbackStatus } from './status.ts';

/** The latest time, in ms, at which anything on record happened; 0 where nothing did. */
export function lastMoment(status: RollbackStatus | undefined): number {
  const times = [status?.startedAt, status?.outcomeAt, status?.endedAt, status?.timeline.at(-1)?.at];
  return Math.max(0, ...times.map((at) => (at === undefined ? 0 : Date.parse(at))));
}

/** This clock, which for what is written next stands still at `afterMs` until its own time has passed that. */
export function after(clock: Clock, afterMs: number): Clock {
  return {
    now: () => Math.max(clock.now(), afterMs + 1),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

/** The later of two times, ISO 8601. */
export function later(at: string, other: string | undefined): string {
  return other !== undefined && Date.parse(other) > Date.parse(at) ? other : at;
}
