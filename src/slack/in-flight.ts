/** What is being answered right now. A shutdown waits for it: `receiver.stop()` of Bolt resolves with listeners still running. */

export interface InFlight {
  /** Counts the work until it settles; the result is the work's own. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is under way, or after ms. */
  drain(ms: number): Promise<void>;
  /** Aborted when the shutdown begins: follow-ups that wait end then. */
  readonly stopping: AbortSignal;
  stop(): void;
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  return {
    stopping: stopping.signal,
    stop: () => stopping.abort(new Error('The bot is shutting down')),
    track(work) {
      running.add(work);
      const done = (): void => void running.delete(work);
      work.then(done, done);
      return work;
    },
    async drain(ms) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      const quiet = async (): Promise<void> => {
        while (running.size > 0) await Promise.allSettled(running);
      };
      await Promise.race([quiet(), late]);
      clearTimeout(timer);
    },
  };
}
