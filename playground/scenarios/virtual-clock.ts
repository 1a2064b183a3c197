/** A clock that only moves when told: for history that must be made in an instant, and for runs that must repeat exactly. */
import type { WorldClock } from '../clock.ts';

interface Timer {
  dueAt: number;
  sequence: number;
  run: () => void;
}

const earlier = (a: Timer, b: Timer): boolean => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.sequence < b.sequence);

/** A binary heap: thousands of timers come and go while days pass. */
class TimerHeap {
  readonly #timers: Timer[] = [];

  peek(): Timer | undefined {
    return this.#timers[0];
  }

  push(timer: Timer): void {
    const timers = this.#timers;
    let at = timers.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = timers[parent];
      if (!above || !earlier(timer, above)) break;
      timers[at] = above;
      at = parent;
    }
    timers[at] = timer;
  }

  pop(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (!last || timers.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [timers[2 * at + 1], timers[2 * at + 2]];
      const child = right && left && earlier(right, left) ? 2 * at + 2 : 2 * at + 1;
      const below = timers[child];
      if (!below || !earlier(below, last)) break;
      timers[at] = below;
      at = child;
    }
    timers[at] = last;
  }
}

export interface VirtualClock extends WorldClock {
  /** Moves to the next timer and runs it; false when there is none. */
  step(): boolean;
}

/** Timers run inside `advance` and `step`, in order of their time, then of their making. */
export function virtualClock(startAtMs: number): VirtualClock {
  let nowMs = startAtMs;
  let sequence = 0;
  const heap = new TimerHeap();
  const cancelled = new WeakSet<Timer>();

  function after(ms: number, run: () => void): () => void {
    sequence += 1;
    const timer: Timer = { dueAt: nowMs + Math.max(0, ms), sequence, run };
    heap.push(timer);
    return () => void cancelled.add(timer);
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  function advance(ms: number): void {
    const until = nowMs + ms;
    for (let next = heap.peek(); next && next.dueAt <= until; next = heap.peek()) {
      heap.pop();
      if (cancelled.has(next)) continue;
      nowMs = Math.max(nowMs, next.dueAt);
      next.run();
    }
    nowMs = until;
  }

  function step(): boolean {
    for (let next = heap.peek(); next; next = heap.peek()) {
      heap.pop();
      if (cancelled.has(next)) continue;
      nowMs = Math.max(nowMs, next.dueAt);
      next.run();
      return true;
    }
    return false;
  }

  return { now: () => nowMs, monotonic: () => nowMs, after, sleep, advance, step };
}
