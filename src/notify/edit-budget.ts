/** One budget of edits for all rollbacks (design §6): 40 a minute, a reserve of it for what matters most. Pure but for the counter. */
import type { Slot } from '#messages/slot.ts';

const EDITS_PER_MINUTE = 40;
/** Tokens that must be left for edits of a higher urgency. */
const RESERVE: Record<Slot['urgency'], number> = { outcome: 0, buttons: 2, ticks: 5, progress: 10 };
/** One message is not edited more often than this, except for its outcome. */
const MESSAGE_INTERVAL_MS = 1500;

export interface EditBudget {
  /** 0: go now, the edit is counted. Otherwise ms until it is worth asking again. */
  take(message: string, urgency: Slot['urgency'], nowMs: number): number;
  /** Slack said 429: nothing goes before then. */
  pause(untilMs: number): void;
}

/** `nowMs` of every call comes from one monotonic clock. */
export function createEditBudget({ messageIntervalMs = MESSAGE_INTERVAL_MS } = {}): EditBudget {
  let tokens = EDITS_PER_MINUTE;
  let countedAt: number | undefined;
  let pausedUntil = 0;
  const last = new Map<string, number>();
  const msPerToken = 60_000 / EDITS_PER_MINUTE;

  return {
    take(message, urgency, nowMs) {
      tokens = Math.min(EDITS_PER_MINUTE, tokens + (nowMs - (countedAt ?? nowMs)) / msPerToken);
      countedAt = nowMs;
      if (nowMs < pausedUntil) return pausedUntil - nowMs;
      const soonest = (last.get(message) ?? -Infinity) + (urgency === 'outcome' ? 0 : messageIntervalMs);
      if (nowMs < soonest) return soonest - nowMs;
      const missing = RESERVE[urgency] + 1 - tokens;
      if (missing > 0) return Math.ceil(missing * msPerToken);
      tokens -= 1;
      last.set(message, nowMs);
      return 0;
    },
    pause(untilMs) {
      pausedUntil = Math.max(pausedUntil, untilMs);
    },
  };
}
