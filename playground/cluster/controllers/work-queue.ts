/**
 * One queue per controller: a key waits at most once, is never worked on twice at a time, and comes back with growing delay when its
 * sync could not finish. Time is the world's.
 */
import type { WorldClock } from '../../clock.ts';
import { StorageError } from '../storage.ts';
import { Conflict } from './trusted-client.ts';

/** The sync could not reach its goal (a quota, a missing service account) and is repeated later. */
export class NotYet extends Error {
  override name = 'NotYet';
}

export interface WorkQueue {
  add(key: string): void;
  addAfter(key: string, delayMs: number): void;
  stop(): void;
}

const firstRetryMs = 5;
const longestRetryMs = 1_000_000;

const mayRetry = (error: unknown): boolean =>
  error instanceof Conflict || error instanceof NotYet || error instanceof StorageError;

/** Any error other than a conflict, a storage error or NotYet is a defect and is thrown on. */
export function workQueue(clock: WorldClock, sync: (key: string) => void): WorkQueue {
  const waiting = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Set<() => void>();
  let isDraining = false;

  function later(delayMs: number, run: () => void): void {
    const cancel = clock.after(delayMs, () => {
      timers.delete(cancel);
      run();
    });
    timers.add(cancel);
  }

  function work(key: string): void {
    try {
      sync(key);
      failures.delete(key);
    } catch (error) {
      if (!mayRetry(error)) throw error;
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      later(Math.min(firstRetryMs * 2 ** failed, longestRetryMs), () => add(key));
    }
  }

  function drain(): void {
    isDraining = false;
    const keys = [...waiting];
    waiting.clear();
    for (const key of keys) work(key);
  }

  function add(key: string): void {
    waiting.add(key);
    if (isDraining) return;
    isDraining = true;
    later(0, drain);
  }

  return {
    add,
    addAfter: (key, delayMs) => later(delayMs, () => add(key)),
    stop() {
      for (const cancel of timers) cancel();
      timers.clear();
      waiting.clear();
    },
  };
}
