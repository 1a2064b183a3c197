/**
 * The capture budget. A rescue waits this long and no longer: each read is raced against one deadline, so that a call which ignores its
 * abort signal cannot stretch it either. It runs on the process's own timers, which skipped time does not move.
 */
export interface Budget {
  /** Aborted when the time is up or the caller gave up. */
  signal: AbortSignal;
  /** The reading's answer, or "timed out", or why it failed, in words. */
  within<T>(reading: Promise<T>): Promise<{ value: T } | { failed: string }>;
  /** Frees the timer. */
  end(): void;
}

const LATE = { failed: 'timed out' };

export function startBudget(ms: number, caller: AbortSignal, wordsFor: (error: unknown) => string): Budget {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  const signal = AbortSignal.any([caller, controller.signal]);
  const late = new Promise<typeof LATE>((resolve) => {
    if (signal.aborted) resolve(LATE);
    else signal.addEventListener('abort', () => resolve(LATE), { once: true });
  });

  async function within<T>(reading: Promise<T>): Promise<{ value: T } | { failed: string }> {
    const settled = reading.then(
      (value) => ({ value }),
      (error: unknown) => (signal.aborted ? LATE : { failed: wordsFor(error) }),
    );
    return Promise.race([settled, late]);
  }

  return { signal, within, end: () => clearTimeout(timer) };
}
