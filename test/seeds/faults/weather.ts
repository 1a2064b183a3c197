/** What happens to a message between two machines. Without weather, everything arrives after a moment. */

/** ms are those of the way there and of the way back. */
export interface Fate {
  thereMs: number;
  backMs: number;
  /** It never gets there. `reset`: the sender hears of it at once. */
  dropped?: 'silent' | 'reset';
  /** It got there and was done; its answer does not come back. */
  answerLost?: 'silent' | 'reset';
  /** It gets there a second time, so much later. */
  againAfterMs?: number;
  /** Not done: this is answered instead. */
  refused?: Refused;
  /** Done, and this is answered all the same. */
  misanswered?: Refused;
}

export interface Refused {
  status: number;
  /** Slack's own word. */
  error?: string;
  retryAfterSeconds?: number;
}

/** What happens to a watch: it goes on, breaks off, ends in order, or says nothing for a while and then everything. */
export interface WatchFate {
  latencyMs: number;
  ends?: { afterMs: number; how: 'reset' | 'close' | 'silent' | 'expired' | 'error' };
  hangs?: { afterMs: number; forMs: number };
  doublesEvents?: boolean;
}

export interface Weather {
  kubernetes(method: string, path: string): Fate;
  watch(path: string): WatchFate;
  slack(method: string): Fate;
  /** ms, or how the health request fails. */
  health(): { ms: number; instead?: 'silent' | 'not-reached' | 503 };
}

export function calm(random: () => number): Weather {
  const fate = (): Fate => ({ thereMs: 1 + random() * 3, backMs: 1 + random() * 3 });
  return {
    kubernetes: fate,
    slack: () => ({ thereMs: 20 + random() * 60, backMs: 20 + random() * 60 }),
    watch: () => ({ latencyMs: 1 + random() * 4 }),
    health: () => ({ ms: 5 + random() * 20 }),
  };
}
