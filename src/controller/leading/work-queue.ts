/**
 * Which rollback to look at next: workers over a KeyQueue. Failures come back with growing delays, a click of a person goes first, and
 * nothing is begun after the signal was aborted. It knows nothing of what the work is.
 */
import type { Clock } from '#rollback/ports.ts';
import { KeyQueue } from './key-queue.ts';

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
  readonly #keys = new KeyQueue();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { dueAt: number; abort: AbortController }>();
  #wake = Promise.withResolvers<void>();

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#wakeAll(), { once: true });
    this.done = Promise.all(Array.from({ length: options.workers }, () => this.#worker())).then(() => undefined);
  }

  add(key: string, { first = false } = {}): void {
    if (this.#options.signal.aborted) return;
    this.#keys.add(key, first);
    if (!this.#keys.isEmpty()) this.#wakeAll();
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

  #wakeAll(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #workOn(key: string): Promise<void> {
    const { work, onError, signal } = this.#options;
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
      this.#keys.done(key);
      if (!this.#keys.isEmpty()) this.#wakeAll();
    }
  }

  async #worker(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const key = this.#keys.take();
      if (key === undefined) await this.#wake.promise;
      else await this.#workOn(key);
    }
  }
}
