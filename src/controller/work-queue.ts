/**
 * Which rollback to look at next, with client-go's rules (kubernetes.md §12): adding what is queued does nothing, adding what is being
 * worked on queues it again afterwards, two workers never have the same key; failures come back with growing delays; people go first.
 */
import type { Clock } from '#rollback/ports.ts';

const BACK_OFF_MS = { first: 50, cap: 15_000 };

export interface WorkQueue {
  /** `first`: a person waits for it. */
  add(key: string, options?: { first?: boolean }): void;
  /** Adds it after ms of wall time; of several times the soonest counts. */
  addAfter(key: string, ms: number): void;
  /** Resolves when every worker has ended after the signal was aborted. */
  readonly done: Promise<void>;
}

export interface WorkQueueOptions {
  /** Answers when the key is to be added again at the latest. A rejection: with back-off. */
  work: (key: string, signal: AbortSignal) => Promise<{ afterMs?: number }>;
  workers: number;
  clock: Clock;
  signal: AbortSignal;
  onError: (key: string, error: unknown, tries: number) => void;
}

/** ms before the nth try after failures: 50, 100, 200, … at most 15 s. */
export function backOffMs(tries: number): number {
  return Math.min(BACK_OFF_MS.cap, BACK_OFF_MS.first * 2 ** (tries - 1));
}

/** Begins at once, ends with its signal. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new FairQueue(options);
}

class FairQueue implements WorkQueue {
  readonly done: Promise<void>;
  readonly #options: WorkQueueOptions;
  readonly #urgent: string[] = [];
  readonly #ordinary: string[] = [];
  readonly #dirty = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { dueAt: number; abort: AbortController }>();
  #wake = Promise.withResolvers<void>();

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.done = Promise.all(Array.from({ length: options.workers }, () => this.#worker())).then(() => undefined);
  }

  add(key: string, { first = false } = {}): void {
    if (this.#options.signal.aborted) return;
    if (this.#dirty.has(key)) {
      // Queued already; a person's click moves it ahead.
      const place = this.#ordinary.indexOf(key);
      if (first && place >= 0) this.#urgent.push(...this.#ordinary.splice(place, 1));
      return;
    }
    this.#dirty.add(key);
    if (!this.#processing.has(key)) this.#push(key, first);
  }

  addAfter(key: string, ms: number): void {
    if (ms <= 0) return this.add(key);
    const { clock, signal } = this.#options;
    const dueAt = clock.now() + ms;
    const pending = this.#timers.get(key);
    if (pending && pending.dueAt <= dueAt) return;
    pending?.abort.abort();
    const abort = new AbortController();
    const timer = { dueAt, abort };
    this.#timers.set(key, timer);
    clock.sleep(ms, AbortSignal.any([signal, abort.signal])).then(
      () => {
        if (this.#timers.get(key) === timer) this.#timers.delete(key);
        this.add(key);
      },
      // Aborted: a sooner time counts, or the queue has ended.
      () => undefined,
    );
  }

  #push(key: string, first: boolean): void {
    (first ? this.#urgent : this.#ordinary).push(key);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #workOn(key: string): Promise<void> {
    const { work, onError, signal } = this.#options;
    this.#dirty.delete(key);
    this.#processing.add(key);
    try {
      const { afterMs } = await work(key, signal);
      this.#failures.delete(key);
      if (afterMs !== undefined) this.addAfter(key, afterMs);
    } catch (error) {
      if (signal.aborted) return;
      const tries = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, tries);
      onError(key, error, tries);
      this.addAfter(key, backOffMs(tries));
    } finally {
      this.#processing.delete(key);
      if (this.#dirty.has(key)) this.#push(key, false);
    }
  }

  async #worker(): Promise<void> {
    const { signal } = this.#options;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    while (!signal.aborted) {
      const key = this.#urgent.shift() ?? this.#ordinary.shift();
      if (key === undefined) await Promise.race([this.#wake.promise, ended]);
      else await this.#workOn(key);
    }
  }
}
