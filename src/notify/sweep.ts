/**
 * What Slack was sent may arrive long after it was given up: a post then stands twice, because it was looked for and not found; an edit takes
 * back what a newer one showed. So each rollback of which a post or an edit was not answered is looked through once, when nothing of it can
 * arrive any more. After a take-over so is each that the earlier term posted for (design §6), and where that term was still at work when this
 * one began, each that was posted for until it must have ended.
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

/** What is left of it on the clock that nobody sets: a wall clock that is put right brings nothing any sooner. */
function arrivals(clock: Clock): () => number {
  const endsAt = clock.monotonic() + SWEEP_AFTER_MS;
  return () => endsAt - clock.monotonic();
}

/** Slots whose message shows something else than what is on record as shown. Pure. */
export function outdated(found: readonly FoundPost[], recorded: Record<string, SlackSlot>): string[] {
  const slots = found.flatMap(({ slot, ts, content }) => {
    const { ts: known, hash } = recorded[slot] ?? {};
    const isOther = ts === known && content !== undefined && hash !== undefined && content !== hash;
    return isOther ? [slot] : [];
  });
  return [...new Set(slots)];
}

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

const stateOf = ({ metadata, status }: Rollback, slot: string): string =>
  `${metadata.uid}/${slot}/${status?.slack[slot]?.hash}`;

interface SweeperParts {
  posts: SlackPosts;
  /** Writes these slots of `status.slack`, fenced. */
  record: (rollback: Rollback, slots: Record<string, SlackSlot>, signal: AbortSignal) => Promise<unknown>;
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
  /** Rollbacks of which something that this term sent was not answered → until it cannot arrive any more. */
  readonly #unanswered = new Map<string, () => number>();
  /** States of slots that were edited again, since Slack showed another. */
  readonly #corrected = new Set<string>();

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#left = countdown(parts.clock, SWEEP_AFTER_MS);
  }

  /** The intents of these slots are on record, and this term wrote them. */
  wrote({ metadata }: Rollback, slots: readonly string[]): void {
    for (const slot of slots) this.#own.set(`${metadata.uid}/${slot}`, this.#left());
  }

  /** A post or an edit of it was not answered. */
  lost({ metadata }: Rollback): void {
    this.#unanswered.set(metadata.uid, arrivals(this.#parts.clock));
  }

  /** It may have a message twice, or one that shows an older state, and was not looked through yet. */
  isDue({ metadata, status }: Rollback): boolean {
    if (this.#unanswered.has(metadata.uid)) return true;
    if (this.#swept.has(metadata.uid)) return false;
    return Object.keys(status?.slack ?? {}).some((slot) => {
      const leftMs = this.#own.get(`${metadata.uid}/${slot}`);
      return leftMs === undefined || (this.#parts.overlaps && leftMs > 0);
    });
  }

  /** undefined: done. Otherwise ms until it is worth coming again. Rejects only with what ends the pass. */
  async sweep(rollback: Rollback, signal: AbortSignal): Promise<number | undefined> {
    const { uid } = rollback.metadata;
    const leftMs = Math.max(this.#left(), this.#unanswered.get(uid)?.() ?? 0);
    if (leftMs > 0) return Math.ceil(leftMs);
    try {
      const old = await this.#sweepNow(rollback, signal);
      if (old.length > 0) {
        await this.#forget(rollback, old, signal);
        return 0;
      }
      this.#swept.add(uid);
      this.#unanswered.delete(uid);
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

  /** What these slots show is not known any more: the next pass edits them. Once for each state, in case Slack never says that it shows it. */
  async #forget(rollback: Rollback, slots: readonly string[], signal: AbortSignal): Promise<void> {
    const recorded = rollback.status?.slack ?? {};
    const unknown = slots.map((slot) => [slot, { ...recorded[slot]!, hash: undefined }] as const);
    await this.#parts.record(rollback, Object.fromEntries(unknown), signal);
    for (const slot of slots) this.#corrected.add(stateOf(rollback, slot));
  }

  /** Answers the slots whose messages show an older state. */
  async #sweepNow(rollback: Rollback, signal: AbortSignal): Promise<string[]> {
    const { metadata, status } = rollback;
    const { posts, perform } = this.#parts;
    const recorded = status?.slack ?? {};
    const slots = Object.values(recorded);
    const sinceMs = Math.min(...slots.map(({ at }) => Date.parse(at))) - BEFORE_INTENT_MS;
    const key = { rollback: metadata.uid };
    const threads = new Set(Object.values(recorded).flatMap(({ ts }) => ts ?? []));
    const old: string[] = [];
    for (const channel of new Set(slots.map((slot) => slot.channel))) {
      const found = await posts.all({ channel, key }, sinceMs, signal);
      for (const root of found.filter(({ ts, slot }) => slot.startsWith('root') && threads.has(ts)))
        found.push(...(await posts.all({ channel, key, threadTs: root.ts }, sinceMs, signal)));
      old.push(...outdated(found, recorded));
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
    return old.filter((slot) => !this.#corrected.has(stateOf(rollback, slot)));
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
