/**
 * Makes a timeline the only time of this thread: `setTimeout`, `node:timers/promises`, `AbortSignal.timeout`, `Date.now`,
 * `performance.now` and `Math.random` are the seed's, for the bot and for the SDKs it loads alike. Import it before them, in a process
 * that does nothing else.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { Timeline } from './timeline.ts';

interface Seeded {
  timeline: Timeline;
  random: () => number;
}

let now: Seeded | undefined;

function seeded(): Seeded {
  if (now === undefined) throw new Error('no seed is running');
  return now;
}

/** From here on time and chance are those of this seed. */
export function enterSeed(timeline: Timeline, random: () => number): void {
  now = { timeline, random };
}

class Timer {
  #cancel: () => void;

  constructor(run: () => void, ms: number) {
    this.#cancel = seeded().timeline.after(ms, run);
  }

  cancel(): void {
    this.#cancel();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

const realClearTimeout = clearTimeout;
const wait = (ms = 0, value?: unknown, options: { signal?: AbortSignal } = {}): Promise<unknown> =>
  seeded()
    .timeline.sleep(ms, options.signal)
    .then(() => value);

/** One for all: most come long after anybody waits for them. */
const LATE = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

function timeoutSignal(ms: number): AbortSignal {
  const controller = new AbortController();
  seeded().timeline.after(ms, () => controller.abort(LATE));
  return controller.signal;
}

/**
 * Node keeps a composite signal that somebody listens to until one of its sources is aborted; those of a machine whose power was cut
 * never are, and each would hold its whole seed in memory. This one is held by its sources alone.
 */
function anySignal(sources: Iterable<AbortSignal>): AbortSignal {
  const all = [...sources];
  const controller = new AbortController();
  const aborted = all.find((source) => source.aborted);
  if (aborted) controller.abort(aborted.reason);
  else {
    const onAbort = ({ target }: Event): void => {
      for (const source of all) source.removeEventListener('abort', onAbort);
      controller.abort((target as AbortSignal).reason);
    };
    for (const source of all) source.addEventListener('abort', onAbort, { once: true });
  }
  return controller.signal;
}

Object.assign(globalThis, {
  setTimeout: (run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => new Timer(() => run(...given), ms),
  clearTimeout: (timer: unknown) =>
    timer instanceof Timer ? timer.cancel() : realClearTimeout(timer as NodeJS.Timeout),
});
Object.assign(AbortSignal, { timeout: timeoutSignal, any: anySignal });
Object.assign(createRequire(import.meta.url)('node:timers/promises') as object, { setTimeout: wait });
syncBuiltinESMExports();
Object.assign(Date, { now: () => seeded().timeline.now() });
Object.assign(performance, { now: () => seeded().timeline.monotonic() });
Object.assign(Math, { random: () => seeded().random() });
