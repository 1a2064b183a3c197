/**
 * After a take-over one message may stand twice: the earlier leader's post was on its way when this one looked for it and found nothing. So
 * each rollback that an earlier term posted for is looked through once, when nothing of that term can arrive any more (design §6). Where that
 * term was still at work when this one began, so is each that was posted for until it must have ended. And so is each for which this term
 * posted something a second time, because the first was neither answered nor found: it may have been on its way for longer than that took.
 */
import type { Clock, Log, Perform } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { SlackSlot } from '#rollback/status.ts';
import { countdown } from './countdown.ts';
import { type FoundPost, SlackFailure, type SlackPosts } from './posts.ts';

/** The earlier leader's renew deadline, then the time Slack is given for a post, and a margin. */
const SWEEP_AFTER_MS = 20_000;
/** The look-up starts this long before the first intent. */
const BEFORE_INTENT_MS = 2 * 60_000;
const AGAIN_MS = 5000;

/** Which messages are one too many: of each slot the one on record stays, else the oldest. Pure. */
export function strays(found: readonly FoundPost[], recorded: Record<string, SlackSlot>): string[] {
  const bySlot = new Map<string, Set<string>>();
  for (const { slot, ts } of found) bySlot.set(slot, (bySlot.get(slot) ?? new Set()).add(ts));
  return [...bySlot].flatMap(([slot, all]) => {
    const known = recorded[slot]?.ts;
    const kept = known !== undefined && all.has(known) ? known : [...all].toSorted()[0];
    return [...all].filter((ts) => ts !== kept);
  });
}

interface SweeperParts {
  posts: SlackPosts;
  perform: Perform;
  clock: Clock;
  log: Log;
  /** See `Term`. */
  overlaps: boolean;
}

/**
 * One per leader term, which begins with it. Which messages are its own it knows by itself: the times on record are those of another host,
 * whose clock may be another (seed 940203).
 */
export class Sweeper {
  readonly #parts: SweeperParts;
  /** Until nothing of an earlier term can arrive any more. */
  readonly #left: () => number;
  readonly #swept = new Set<string>();
  /** Slots whose intent this term wrote → what was left of that time then. */
  readonly #own = new Map<string, number>();
  /** Rollbacks of which this term posted something again → until the first of it cannot arrive any more. */
  readonly #repeated = new Map<string, () => number>();

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#left = countdown(parts.clock, SWEEP_AFTER_MS);
  }

  /** The intents of these slots are on record, and this term wrote them. */
  wrote({ metadata }: Rollback, slots: readonly string[]): void {
    for (const slot of slots) this.#own.set(`${metadata.uid}/${slot}`, this.#left());
  }

  /** A message of it is posted again, because it was not found. */
  repeats({ metadata }: Rollback): void {
    this.#repeated.set(metadata.uid, countdown(this.#parts.clock, SWEEP_AFTER_MS));
  }

  /** It may have a message twice, and was not looked through yet. */
  isDue({ metadata, status }: Rollback): boolean {
    if (this.#repeated.has(metadata.uid)) return true;
    if (this.#swept.has(metadata.uid)) return false;
    return Object.keys(status?.slack ?? {}).some((slot) => {
      const leftMs = this.#own.get(`${metadata.uid}/${slot}`);
      return leftMs === undefined || (this.#parts.overlaps && leftMs > 0);
    });
  }

  /** undefined: done. Otherwise ms until it is worth coming again. Rejects only with what ends the pass. */
  async sweep(rollback: Rollback, signal: AbortSignal): Promise<number | undefined> {
    const { uid } = rollback.metadata;
    const repeated = this.#repeated.get(uid);
    const leftMs = Math.max(this.#left(), repeated?.() ?? 0);
    if (leftMs > 0) return Math.ceil(leftMs);
    try {
      await this.#sweepNow(rollback, signal);
      this.#swept.add(uid);
      this.#repeated.delete(uid);
      return undefined;
    } catch (error) {
      if (!(error instanceof SlackFailure)) throw error;
      const { sort, message } = error;
      this.#parts.log.warn('doubled messages were not looked for yet', {
        rollback: rollback.metadata.name,
        sort,
        message,
      });
      return Math.max(AGAIN_MS, error.retryAfterMs);
    }
  }

  async #sweepNow({ metadata, status }: Rollback, signal: AbortSignal): Promise<void> {
    const { posts, perform } = this.#parts;
    const recorded = status?.slack ?? {};
    const slots = Object.values(recorded);
    const sinceMs = Math.min(...slots.map(({ at }) => Date.parse(at))) - BEFORE_INTENT_MS;
    const key = { rollback: metadata.uid };
    const threads = new Set(Object.values(recorded).flatMap(({ ts }) => ts ?? []));
    for (const channel of new Set(slots.map((slot) => slot.channel))) {
      const found = await posts.all({ channel, key }, sinceMs, signal);
      for (const root of found.filter(({ ts, slot }) => slot.startsWith('root') && threads.has(ts)))
        found.push(...(await posts.all({ channel, key, threadTs: root.ts }, sinceMs, signal)));
      for (const ts of strays(found, recorded)) {
        await perform(
          {
            kind: 'slack.delete',
            id: `${metadata.uid}/${ts}`,
            rollback: metadata.name,
            lookFirst: false,
            find: () => Promise.resolve('absent' as const),
            act: async (s) => (await removed(posts, channel, ts, s), true),
          },
          signal,
        );
      }
    }
  }
}

/** One that is gone already is what was wanted. */
async function removed(posts: SlackPosts, channel: string, ts: string, signal: AbortSignal): Promise<void> {
  try {
    await posts.remove(channel, ts, signal);
  } catch (error) {
    if (!(error instanceof SlackFailure) || error.sort !== 'missing') throw error;
  }
}
