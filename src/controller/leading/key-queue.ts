/**
 * The order of work, with client-go's rules (kubernetes.md §12): adding what is queued does nothing, adding what is being worked on queues it
 * again when that is done, a key is never handed out twice at a time, and what a person waits for goes first. Pure memory, no time.
 */
export class KeyQueue {
  readonly #urgent = new Set<string>();
  readonly #ordinary = new Set<string>();
  readonly #processing = new Set<string>();
  /** Added while being worked on: key → a person waits for it. */
  readonly #again = new Map<string, boolean>();

  /** `first`: a person waits for it; moves ahead what was queued behind others. */
  add(key: string, first: boolean): void {
    if (this.#processing.has(key)) {
      this.#again.set(key, first || this.#again.get(key) === true);
    } else if (first) {
      this.#ordinary.delete(key);
      this.#urgent.add(key);
    } else if (!this.#urgent.has(key)) {
      this.#ordinary.add(key);
    }
  }

  /** The next key, which is being worked on until `done`. */
  take(): string | undefined {
    for (const queue of [this.#urgent, this.#ordinary]) {
      for (const key of queue) {
        queue.delete(key);
        this.#processing.add(key);
        return key;
      }
    }
    return undefined;
  }

  done(key: string): void {
    this.#processing.delete(key);
    const first = this.#again.get(key);
    this.#again.delete(key);
    if (first !== undefined) this.add(key, first);
  }

  isEmpty(): boolean {
    return this.#urgent.size === 0 && this.#ordinary.size === 0;
  }
}
