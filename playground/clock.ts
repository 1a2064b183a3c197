/**
 * The playground's time: real time plus what was skipped. Everything in the playground that waits, waits here, so that one button can
 * skip fifteen minutes for the cluster, for Slack and for the bot alike.
 */
export interface WorldClock {
  /** ms since 1970, skipped time included. */
  now(): number;
  monotonic(): number;
  /** Runs once after ms of world time; returns its cancellation. */
  after(ms: number, run: () => void): () => void;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Skips ms: everything due by then runs now, in order of its time. */
  advance(ms: number): void;
}

interface Timer {
  dueAt: number;
  run: () => void;
  handle: NodeJS.Timeout;
}

/** Real time that can be moved forward. Timers do not keep the process alive when `unref` is asked for. */
export function worldClock({ unref = false } = {}): WorldClock {
  let offsetMs = 0;
  const timers = new Set<Timer>();
  const now = (): number => Date.now() + offsetMs;

  function fire(timer: Timer): void {
    clearTimeout(timer.handle);
    if (timers.delete(timer)) timer.run();
  }

  function after(ms: number, run: () => void): () => void {
    const timer: Timer = { dueAt: now() + ms, run, handle: setTimeout(() => fire(timer), ms) };
    if (unref) timer.handle.unref();
    timers.add(timer);
    return () => {
      clearTimeout(timer.handle);
      timers.delete(timer);
    };
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  function advance(ms: number): void {
    const until = now() + ms;
    for (;;) {
      const next = [...timers].filter((t) => t.dueAt <= until).toSorted((a, b) => a.dueAt - b.dueAt)[0];
      if (!next) break;
      offsetMs += Math.max(0, next.dueAt - now());
      fire(next);
    }
    offsetMs += Math.max(0, until - now());
    for (const timer of timers) {
      clearTimeout(timer.handle);
      timer.handle = setTimeout(() => fire(timer), Math.max(0, timer.dueAt - now()));
      if (unref) timer.handle.unref();
    }
  }

  return { now, monotonic: () => performance.now(), after, sleep, advance };
}
