/**
 * Makes Slack agree with the rendered slots, exactly as a controller makes a cluster agree with a spec (design §1). Runs on the leader
 * only, one rollback at a time; never on the path of a rescue. Knows nothing of what the messages mean.
 */
import type { Clock, Effect, Log, Perform } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { SlackSlot } from '#rollback/status.ts';
import type { Slot } from '#messages/slot.ts';
import type { EditBudget } from './edit-budget.ts';
import { agrees, pending } from './pending.ts';
import { type Post, SlackFailure, type SlackPosts } from './posts.ts';

/** An answer may be late: after a lost one the look-up waits this long. */
const SETTLE_MS = 2000;
/** The look-up in the channel starts this long before the intent (design §6). */
const BEFORE_INTENT_MS = 2 * 60_000;
const REFUSED_RETRY_MS = 30_000;

export interface NotifierParts {
  posts: SlackPosts;
  /** Writes these slots of `status.slack`, fenced. */
  record(rollback: Rollback, slots: Record<string, SlackSlot>, signal: AbortSignal): Promise<Rollback>;
  render(rollback: Rollback): Slot[];
  hashOf(slot: Slot): string;
  perform: Perform;
  budget: EditBudget;
  clock: Clock;
  log: Log;
}

export interface Notifier {
  /** One pass; answers when to come again at the latest. Rejects only when the object could not be written. */
  sync(rollback: Rollback, signal: AbortSignal): Promise<{ afterMs?: number }>;
  agrees(rollback: Rollback): boolean;
}

interface Pass {
  rollback: Rollback;
  results: Record<string, SlackSlot>;
  afterMs: number | undefined;
}

function sooner(a: number | undefined, b: number): number {
  return a === undefined ? b : Math.min(a, b);
}

/** One per leader term. */
export function createNotifier(parts: NotifierParts): Notifier {
  const { posts, clock, budget, log } = parts;
  /** Slots whose intent was written in this term and whose post was not tried, or surely not done. */
  const fresh = new Set<string>();
  const slotId = (rollback: Rollback, key: string): string => `${rollback.metadata.uid}/${key}`;
  const iso = (): string => new Date(clock.now()).toISOString();

  function asPost(rollback: Rollback, slot: Slot): Post {
    const threadTs = slot.thread === undefined ? undefined : rollback.status?.slack[slot.thread]?.ts;
    return {
      channel: slot.channel,
      text: slot.text,
      blocks: slot.blocks,
      key: { rollback: rollback.metadata.uid, slot: slot.key },
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(slot.broadcast ? { broadcast: true } : {}),
    };
  }

  function postEffect(rollback: Rollback, slot: Slot, record: SlackSlot): Effect<string> {
    const id = slotId(rollback, slot.key);
    const post = asPost(rollback, slot);
    return {
      kind: 'slack.post',
      id,
      rollback: rollback.metadata.name,
      lookFirst: !fresh.delete(id),
      find: async (signal) => (await posts.find(post, Date.parse(record.at) - BEFORE_INTENT_MS, signal)) ?? 'absent',
      act: async (signal) => {
        const { ts, isOrphan } = await posts.post(post, signal);
        if (!isOrphan) return ts;
        await posts.remove(slot.channel, ts, signal);
        throw new SlackFailure('missing', 'the root of the thread was deleted');
      },
    };
  }

  /** Remembers what a failure asks for; only a broken run goes on. */
  function onFailure(error: unknown, pass: Pass, slot: Slot, doing: 'post' | 'edit'): void {
    if (!(error instanceof SlackFailure)) throw error;
    const { rollback } = pass;
    const id = slotId(rollback, slot.key);
    if (error.sort === 'limited') {
      if (doing === 'post') fresh.add(id);
      else budget.pause(clock.monotonic() + error.retryAfterMs);
      pass.afterMs = sooner(pass.afterMs, error.retryAfterMs);
      return;
    }
    log.warn('slack did not take a message', {
      rollback: rollback.metadata.name,
      slot: slot.key,
      sort: error.sort,
      why: error.message,
    });
    if (error.sort === 'missing') {
      // Somebody deleted it: post it anew. For a reply that means its root is gone, so the root comes first.
      const gone = doing === 'edit' ? slot.key : (slot.thread ?? slot.key);
      pass.results[gone] = { channel: slot.channel, state: 'intent', at: iso() };
      pass.afterMs = 0;
      return;
    }
    if (error.sort === 'refused' && doing === 'post') fresh.add(id);
    pass.afterMs = sooner(pass.afterMs, error.sort === 'lost' ? SETTLE_MS : REFUSED_RETRY_MS);
  }

  async function writeIntents(rollback: Rollback, slots: readonly Slot[], signal: AbortSignal): Promise<Rollback> {
    if (slots.length === 0) return rollback;
    const intents = slots.map(
      (slot) => [slot.key, { channel: slot.channel, state: 'intent' as const, at: iso() }] as const,
    );
    const written = await parts.record(rollback, Object.fromEntries(intents), signal);
    for (const slot of slots) fresh.add(slotId(rollback, slot.key));
    return written;
  }

  async function postAll(pass: Pass, slots: readonly Slot[], signal: AbortSignal): Promise<void> {
    for (const slot of slots) {
      const record = pass.rollback.status?.slack[slot.key];
      if (record === undefined) continue;
      try {
        const effect = postEffect(pass.rollback, slot, record);
        const wasFresh = !effect.lookFirst;
        const ts = await parts.perform(effect, signal);
        // An adopted message may show older content: leave its hash out, so that it is edited next.
        pass.results[slot.key] = { ...record, state: 'sent', ts, ...(wasFresh ? { hash: parts.hashOf(slot) } : {}) };
      } catch (error) {
        onFailure(error, pass, slot, 'post');
        return;
      }
    }
  }

  async function editAll(
    pass: Pass,
    slots: readonly (Slot & { ts: string; hash: string })[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const slot of slots) {
      const id = slotId(pass.rollback, slot.key);
      const waitMs = budget.take(id, slot.urgency, clock.monotonic());
      if (waitMs > 0) {
        pass.afterMs = sooner(pass.afterMs, waitMs);
        continue;
      }
      const post = { ...asPost(pass.rollback, slot), ts: slot.ts };
      const effect: Effect<true> = {
        kind: 'slack.edit',
        id,
        rollback: pass.rollback.metadata.name,
        lookFirst: false,
        find: () => Promise.resolve('absent' as const),
        act: async (s) => (await posts.edit(post, s), true),
      };
      try {
        await parts.perform(effect, signal);
        pass.results[slot.key] = { ...pass.rollback.status!.slack[slot.key]!, hash: slot.hash };
      } catch (error) {
        onFailure(error, pass, slot, 'edit');
      }
    }
  }

  return {
    async sync(rollback, signal) {
      const slots = parts.render(rollback);
      const before = pending(slots, rollback.status?.slack ?? {}, parts.hashOf);
      const withIntents = await writeIntents(rollback, before.intents, signal);
      const pass: Pass = { rollback: withIntents, results: {}, afterMs: undefined };
      await postAll(pass, [...before.posts, ...before.intents], signal);
      await editAll(pass, before.edits, signal);
      if (Object.keys(pass.results).length > 0) await parts.record(pass.rollback, pass.results, signal);
      return pass.afterMs === undefined ? {} : { afterMs: pass.afterMs };
    },
    agrees: (rollback) => agrees(parts.render(rollback), rollback.status?.slack ?? {}, parts.hashOf),
  };
}
