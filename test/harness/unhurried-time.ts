/**
 * Slack, the cluster and the bot share one process here, and a slow machine lets all of it stand still for seconds. In life nobody else stands
 * still with the bot: a stall would run into Slack's three seconds and the bot's own limits, which then measure the machine. So time is what this
 * process got: no moment in which it could not run counts for more than 100 ms, whether for a timer, a time limit or a clock. Limits hold
 * as ever against whatever really takes long. It changes the globals of the test file that imports it, and nothing else.
 */
import { promisify } from 'node:util';

const STEP_MS = 100;
const BEAT_MS = 25;

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  performance: globalThis.performance,
  AbortSignal: globalThis.AbortSignal,
  now: Date.now,
};

let lastMs = real.performance.now();
let lostMs = 0;
let isMeasured = false;

/** What was lost so far; whoever looks measures the moment since somebody looked last. */
function lost(): number {
  const seenMs = real.performance.now();
  if (isMeasured) lostMs += Math.max(0, seenMs - lastMs - STEP_MS);
  lastMs = seenMs;
  return lostMs;
}

/** Until the answer is called, stalls do not count. With `clocks` false only timers are so: where others share the clock of the machine. */
export function beUnhurried({ clocks = true } = {}): () => void {
  lost();
  isMeasured = clocks;
  const beat = setInterval(lost, BEAT_MS).unref();
  return () => {
    clearInterval(beat);
    lost();
    isMeasured = false;
  };
}

type Run = (...given: unknown[]) => void;

/** Waits in steps: a stall delays one of them, and what came meanwhile is heard before the last. */
class Timer {
  readonly #run: () => void;
  readonly #ms: number;
  #leftMs = 0;
  #isReferenced = true;
  #step: NodeJS.Timeout | undefined;

  constructor(run: () => void, ms: number) {
    this.#run = run;
    this.#ms = ms;
    this.refresh();
  }

  #next(): void {
    const ms = Math.min(STEP_MS, this.#leftMs);
    this.#leftMs -= ms;
    this.#step = real.setTimeout(() => {
      if (this.#leftMs > 0) return this.#next();
      this.#step = undefined;
      this.#run();
    }, ms);
    if (!this.#isReferenced) this.#step.unref();
  }

  refresh(): this {
    real.clearTimeout(this.#step);
    this.#leftMs = this.#ms;
    this.#next();
    return this;
  }

  cancel(): void {
    real.clearTimeout(this.#step);
    this.#step = undefined;
  }

  ref(): this {
    this.#isReferenced = true;
    this.#step?.ref();
    return this;
  }

  unref(): this {
    this.#isReferenced = false;
    this.#step?.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#isReferenced;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

function timeoutSignal(ms: number): AbortSignal {
  const controller = new AbortController();
  const late = (): void =>
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  new Timer(late, ms).unref();
  return controller.signal;
}

/** The same but for one member. */
function instead<T extends object>(original: T, name: keyof T, member: unknown): T {
  return new Proxy(original, {
    get(target, key) {
      if (key === name) return member;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' && target === real.performance ? value.bind(target) : value;
    },
  });
}

Object.assign(globalThis, {
  setTimeout: Object.assign(
    (run: Run, ms?: number, ...given: unknown[]) =>
      // Not more than one step, or too long for a number of steps to matter: as ever.
      typeof ms === 'number' && ms > STEP_MS && ms < 3_600_000
        ? new Timer(() => run(...given), ms)
        : real.setTimeout(run, ms, ...given),
    { [promisify.custom]: promisify(real.setTimeout) },
  ),
  clearTimeout: (timer: unknown) =>
    timer instanceof Timer ? timer.cancel() : real.clearTimeout(timer as NodeJS.Timeout),
  performance: instead(real.performance, 'now', () => real.performance.now() - lost()),
  AbortSignal: instead(real.AbortSignal, 'timeout', timeoutSignal),
});
Object.assign(Date, { now: () => Math.round(real.now() - lost()) });
