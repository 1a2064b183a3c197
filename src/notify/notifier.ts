/**
 * Makes Slack agree with the rendered slots, exactly as a controller makes a cluster agree with a spec (design §1). Runs on the leader
 * only, one rollback at a time; never on the path of a rescue. Knows nothing of what the messages mean.
 */
import type { Clock, Effect, Log, Perform } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { SlackSlot } from '#rollback/status.ts';
import type { Slot } from '#messages/slot.ts';
import { countdown } from './countdown.ts';
import type { EditBudget } from './edit-budget.ts';
import { agrees, pending } from './pending.ts';
import { type Post, SlackFailure, type SlackPosts } from './posts.ts';
import { Sweeper } from './sweep.ts';

/** An answer may be late: after a lost one the look-up waits this long. */
const SETTLE_MS = 2000;
/** The look-up in the channel starts this long before the intent (design §6). */
const BEFORE_INTENT_MS = 2 * 60_000;
const REFUSED_RETRY_MS = 30_000;
/** A message that Slack did not take keeps those after it waiting this long: they read in order, and none is held for ever. */
const IN_ORDER_MS = 5 * 60_000;

export interface NotifierParts {
  posts: SlackPosts;
  /** Writes these slots of `status.slack`, fenced. */
  record: (rollback: Rollback, slots: Record<string, SlackSlot>, signal: AbortSignal) => Promise<Rollback>;
  render: (rollback: Rollback) => Slot[];
  hashOf: (slot: Slot) => string;
  perform: Perform;
  budget: EditBudget;
  clock: Clock;
  log: Log;
  /** An earlier term was still at work when this one began. */
  overlaps: boolean;
}

export interface Notifier {
  /** One pass; answers when to come again at the latest. Rejects only when the object could not be written. */
  sync(rollback: Rollback, signal: AbortSignal): Promise<{ afterMs?: number }>;
  /** All is posted as rendered, and nothing twice. */
  agrees(rollback: Rollback): boolean;
}

/** What was said of a post that is tried again later. `unfit`: it will not be taken, so nothing waits for it. */
type Wait = 'lost' | 'refused' | 'unfit';

interface Pass {
  rollback: Rollback;
  results: Record<string, SlackSlot>;
  afterMs: number | undefined;
}

function sooner(a: number | undefined, b: number): number {
  return a === undefined ? b : Math.min(a, b);
}

const slotId = (rollback: Rollback, key: string): string => `${rollback.metadata.uid}/${key}`;

/** One per leader term. */
export class SlackNotifier implements Notifier {
  readonly #parts: NotifierParts;
  /** Slots whose intent was written in this term and whose post was not tried, or surely not done. */
  readonly #fresh = new Set<string>();
  /** Slots → how long a look-up proves nothing yet (the answer was lost), or Slack would only refuse again. */
  readonly #notBefore = new Map<string, { left: () => number; sort: Wait }>();
  readonly #sweeper: Sweeper;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.#sweeper = new Sweeper(parts);
  }

  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }

  #asPost(rollback: Rollback, slot: Slot): Post {
    const threadTs = slot.thread === undefined ? undefined : rollback.status?.slack[slot.thread]?.ts;
    return {
      channel: slot.channel,
      text: slot.text,
      blocks: slot.blocks,
      key: { rollback: rollback.metadata.uid, slot: slot.key },
      content: this.#parts.hashOf(slot),
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(slot.broadcast ? { broadcast: true } : {}),
    };
  }

  #postEffect(rollback: Rollback, slot: Slot, record: SlackSlot): Effect<string> {
    const id = slotId(rollback, slot.key);
    const post = this.#asPost(rollback, slot);
    return {
      kind: 'slack.post',
      id,
      rollback: rollback.metadata.name,
      lookFirst: !this.#fresh.delete(id),
      find: async (signal) =>
        (await this.#parts.posts.find(post, Date.parse(record.at) - BEFORE_INTENT_MS, signal)) ?? 'absent',
      act: async (signal) => {
        const { ts, isOrphan } = await this.#parts.posts.post(post, signal);
        if (!isOrphan) return ts;
        await this.#parts.posts.remove(slot.channel, ts, signal);
        throw new SlackFailure('missing', 'the root of the thread was deleted');
      },
    };
  }

  /** Remembers what a failure asks for; only a broken run goes on. */
  #onFailure(error: unknown, pass: Pass, slot: Slot, doing: 'post' | 'edit'): void {
    if (!(error instanceof SlackFailure)) throw error;
    const { rollback } = pass;
    if (error.sort === 'limited') {
      if (doing === 'edit') this.#parts.budget.pause(this.#parts.clock.monotonic() + error.retryAfterMs);
      pass.afterMs = sooner(pass.afterMs, error.retryAfterMs);
      return;
    }
    this.#parts.log.warn('slack did not take a message', {
      rollback: rollback.metadata.name,
      slot: slot.key,
      sort: error.sort,
      why: error.message,
    });
    if (error.sort === 'missing') {
      // Somebody deleted it: post it anew. For a reply that means its root is gone, so the root comes first.
      const gone = doing === 'edit' ? slot.key : (slot.thread ?? slot.key);
      pass.results[gone] = { channel: slot.channel, state: 'intent', at: this.#now() };
      pass.afterMs = 0;
      return;
    }
    if (error.sort === 'lost') this.#sweeper.lost(rollback);
    const waitMs = error.sort === 'lost' ? SETTLE_MS : REFUSED_RETRY_MS;
    const sort = error.isUnfit ? 'unfit' : error.sort;
    this.#notBefore.set(slotId(rollback, slot.key), { left: countdown(this.#parts.clock, waitMs), sort });
    pass.afterMs = sooner(pass.afterMs, waitMs);
  }

  /** Why it has to wait yet, whatever else changes meanwhile; the pass comes again for it. */
  #waitsFor(pass: Pass, id: string): Wait | undefined {
    const { left, sort } = this.#notBefore.get(id) ?? { sort: undefined };
    const leftMs = left?.() ?? 0;
    if (leftMs > 0) {
      pass.afterMs = sooner(pass.afterMs, Math.ceil(leftMs));
      return sort;
    }
    this.#notBefore.delete(id);
    return undefined;
  }

  async #writeIntents(rollback: Rollback, slots: readonly Slot[], signal: AbortSignal): Promise<Rollback> {
    if (slots.length === 0) return rollback;
    const intents = slots.map(
      (slot) => [slot.key, { channel: slot.channel, state: 'intent' as const, at: this.#now() }] as const,
    );
    const written = await this.#parts.record(rollback, Object.fromEntries(intents), signal);
    for (const slot of slots) this.#fresh.add(slotId(rollback, slot.key));
    this.#sweeper.wrote(
      rollback,
      slots.map(({ key }) => key),
    );
    return written;
  }

  #holdsBack({ at }: SlackSlot): boolean {
    return this.#parts.clock.now() - Date.parse(at) <= IN_ORDER_MS;
  }

  async #postAll(pass: Pass, slots: readonly Slot[], signal: AbortSignal): Promise<void> {
    for (const slot of slots) {
      const record = pass.rollback.status?.slack[slot.key];
      if (record === undefined) continue;
      const waitsFor = this.#waitsFor(pass, slotId(pass.rollback, slot.key));
      if (waitsFor === 'unfit' || (waitsFor === 'refused' && !this.#holdsBack(record))) continue;
      if (waitsFor) return;
      const effect = this.#postEffect(pass.rollback, slot, record);
      const wasFresh = !effect.lookFirst;
      try {
        const ts = await this.#parts.perform(effect, signal);
        // An adopted message may show older content: leave its hash out, so that it is edited next.
        pass.results[slot.key] = {
          ...record,
          state: 'sent',
          ts,
          ...(wasFresh ? { hash: this.#parts.hashOf(slot) } : {}),
        };
      } catch (error) {
        this.#onFailure(error, pass, slot, 'post');
        // Slack said that it did nothing: no need to look before the next try.
        if (wasFresh && error instanceof SlackFailure && error.sort !== 'lost') this.#fresh.add(effect.id);
        const isAboutIt = error instanceof SlackFailure && (error.sort === 'lost' || error.sort === 'refused');
        if (!isAboutIt || (!error.isUnfit && this.#holdsBack(record))) return;
      }
    }
  }

  async #editAll(
    pass: Pass,
    slots: readonly (Slot & { ts: string; hash: string })[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const slot of slots) {
      const id = slotId(pass.rollback, slot.key);
      if (this.#waitsFor(pass, id)) continue;
      const waitMs = this.#parts.budget.take(id, slot.urgency, this.#parts.clock.monotonic());
      if (waitMs > 0) {
        pass.afterMs = sooner(pass.afterMs, waitMs);
        continue;
      }
      const post = { ...this.#asPost(pass.rollback, slot), ts: slot.ts };
      const effect: Effect<true> = {
        kind: 'slack.edit',
        id,
        rollback: pass.rollback.metadata.name,
        lookFirst: false,
        find: () => Promise.resolve('absent' as const),
        act: async (s) => (await this.#parts.posts.edit(post, s), true),
      };
      try {
        await this.#parts.perform(effect, signal);
        pass.results[slot.key] = { ...pass.rollback.status!.slack[slot.key]!, hash: slot.hash };
      } catch (error) {
        this.#onFailure(error, pass, slot, 'edit');
      }
    }
  }

  async sync(rollback: Rollback, signal: AbortSignal): Promise<{ afterMs?: number }> {
    const slots = this.#parts.render(rollback);
    const before = pending(slots, rollback.status?.slack ?? {}, this.#parts.hashOf);
    const withIntents = await this.#writeIntents(rollback, before.intents, signal);
    const pass: Pass = { rollback: withIntents, results: {}, afterMs: undefined };
    await this.#postAll(pass, [...before.posts, ...before.intents], signal);
    await this.#editAll(pass, before.edits, signal);
    const written =
      Object.keys(pass.results).length > 0
        ? await this.#parts.record(pass.rollback, pass.results, signal)
        : pass.rollback;
    if (this.#sweeper.isDue(written)) {
      const waitMs = await this.#sweeper.sweep(written, signal);
      if (waitMs !== undefined) pass.afterMs = sooner(pass.afterMs, waitMs);
    }
    return pass.afterMs === undefined ? {} : { afterMs: pass.afterMs };
  }

  agrees(rollback: Rollback): boolean {
    if (this.#sweeper.isDue(rollback)) return false;
    return agrees(this.#parts.render(rollback), rollback.status?.slack ?? {}, this.#parts.hashOf);
  }
}
