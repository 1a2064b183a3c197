import type { WorldClock } from '../clock.ts';

export interface Call {
  method: string;
  args: Record<string, unknown>;
  /** The answer's body; `{ ok: false, error: 'ratelimited' }` for a 429. */
  result: Record<string, unknown>;
  at: number;
  durationMs: number;
  /** The connection broke before the answer. */
  replyLost?: true;
}

const kept = 5000;

/** The newest Web API calls, for tests and invariants. */
export class CallHistory {
  readonly #clock: WorldClock;
  #calls: Call[] = [];

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  /** Begins a call; the answer ends it. */
  begin(method: string, args: Record<string, unknown>): (result: Record<string, unknown>, replyLost?: boolean) => void {
    const at = this.#clock.now();
    return (result, replyLost = false) => {
      this.#calls.push({
        method,
        args,
        result,
        at,
        durationMs: this.#clock.now() - at,
        ...(replyLost ? { replyLost } : {}),
      });
      if (this.#calls.length > kept) this.#calls = this.#calls.slice(-kept / 2);
    };
  }

  /** Oldest first; of one method when named. */
  list(method?: string): readonly Call[] {
    return method === undefined ? this.#calls : this.#calls.filter((call) => call.method === method);
  }

  clear(): void {
    this.#calls = [];
  }
}
