import type { WorldClock } from '../clock.ts';
import { rateLimits } from './limits.ts';
import type { Tier } from './limits.ts';

interface Budget {
  left: number;
  at: number;
}

/** Slack's budgets of calls, refilled with time. */
export class Budgets {
  readonly #clock: WorldClock;
  readonly #budgets = new Map<string, Budget>();

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  /** Takes one call; 0, or the whole seconds to wait when none is left. */
  take(tier: Tier, key: string): number {
    if (tier === 'none') return 0;
    const { perMinute, burst } = rateLimits[tier];
    const now = this.#clock.now();
    const before = this.#budgets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, before.left + ((now - before.at) / 60_000) * perMinute);
    this.#budgets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1 ? 0 : Math.max(1, Math.ceil(((1 - left) / perMinute) * 60));
  }
}
