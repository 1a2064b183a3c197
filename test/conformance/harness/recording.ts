/** A watch kept from its beginning to the end of a test: what came, in order, and waiting for what is to come. */
import type { Api, KubernetesObject, WatchEvent } from '#clients/kubernetes/api.ts';

const TIMEOUT_MS = 60_000;

export interface Recorded<T> {
  type: WatchEvent['type'];
  object: T;
}

export class Recording<T = KubernetesObject> {
  readonly events: Recorded<T>[] = [];
  /** How the watch ended: undefined while it goes on, null when the server closed it, else the error. */
  ended: Error | null | undefined;
  readonly #stop = new AbortController();
  #wake = Promise.withResolvers<void>();

  /** Begins at once; without a resourceVersion in the query with everything that is there. */
  constructor(api: Api, path: string, query: Record<string, string> = {}) {
    void this.#run(api.watch(path, { timeoutSeconds: '300', ...query }, this.#stop.signal));
  }

  async #run(events: AsyncIterable<WatchEvent>): Promise<void> {
    try {
      for await (const event of events) {
        this.events.push(event as Recorded<any>);
        this.#notify();
      }
      this.ended = null;
    } catch (error) {
      this.ended = error as Error;
    }
    this.#notify();
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Waits until `found` finds something in the events so far. */
  async until<R>(what: string, found: (events: readonly Recorded<T>[]) => R | undefined | false): Promise<R> {
    const endsAt = performance.now() + TIMEOUT_MS;
    for (;;) {
      const result = found(this.events);
      if (result !== undefined && result !== false) return result;
      const leftMs = endsAt - performance.now();
      const seen = this.events.map(({ type }) => type).join(' ');
      if (this.ended !== undefined)
        throw new Error(`The watch ended before ${what}. It saw: ${seen}. ${this.ended?.message ?? ''}`);
      if (leftMs <= 0) throw new Error(`Not within ${TIMEOUT_MS} ms: ${what}. Seen: ${seen}`);
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, leftMs);
      await Promise.race([this.#wake.promise, late.promise]);
      clearTimeout(timer);
    }
  }

  /** Waits for the server to close the watch. */
  async end(): Promise<void> {
    while (this.ended === undefined) await this.#wake.promise;
  }
}
