import { randomUUID } from 'node:crypto';
import type { WorldClock } from '../../clock.ts';
import { interactionLimits } from '../limits.ts';
import { SlackError } from '../slack-error.ts';

/** What an answer through a response_url is about. */
export interface ResponseTarget {
  user: string;
  channel: string;
  /** The message that was clicked; absent for a command. */
  messageTs?: string;
  threadTs?: string;
}

interface Issued extends ResponseTarget {
  left: number;
  expiresAt: number;
}

/** The secret parts of response_urls: five uses, thirty minutes. */
export class ResponseUrls {
  readonly #clock: WorldClock;
  readonly #issued = new Map<string, Issued>();

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  issue(target: ResponseTarget): string {
    const id = randomUUID();
    this.#issued.set(id, {
      ...target,
      left: interactionLimits.responseUrlUses,
      expiresAt: this.#clock.now() + interactionLimits.responseUrlMs,
    });
    return id;
  }

  use(id: string): ResponseTarget {
    const issued = this.#issued.get(id);
    if (!issued) throw new SlackError('expired_url');
    if (issued.expiresAt < this.#clock.now()) throw new SlackError('expired_url');
    if (issued.left <= 0) throw new SlackError('used_url');
    issued.left -= 1;
    return issued;
  }
}
