import { randomUUID } from 'node:crypto';
import type { WorldClock } from '../../clock.ts';
import { interactionLimits } from '../limits.ts';
import { SlackError } from '../slack-error.ts';

interface Trigger {
  user: string;
  /** The view the interaction came from: `views.push` stacks upon it. */
  viewId?: string;
  expiresAt: number;
  used: boolean;
}

/** Trigger ids: one use, three seconds unless told otherwise. */
export class Triggers {
  readonly #clock: WorldClock;
  readonly #lifeMs: number;
  readonly #triggers = new Map<string, Trigger>();

  constructor(clock: WorldClock, lifeMs: number = interactionLimits.triggerMs) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  issue(user: string, viewId?: string): string {
    const id = `${this.#triggers.size + 1}.${Math.floor(this.#clock.now())}.${randomUUID().slice(0, 13)}`;
    const trigger: Trigger = { user, expiresAt: this.#clock.now() + this.#lifeMs, used: false };
    if (viewId !== undefined) trigger.viewId = viewId;
    this.#triggers.set(id, trigger);
    return id;
  }

  /** Refuses a trigger that is unknown, used or late. */
  exchange(id: string): Trigger {
    const trigger = this.#triggers.get(id);
    if (!trigger) throw new SlackError('invalid_trigger_id');
    if (trigger.used) throw new SlackError('exchanged_trigger_id');
    if (trigger.expiresAt < this.#clock.now()) throw new SlackError('expired_trigger_id');
    trigger.used = true;
    return trigger;
  }
}
