/** What Slack lacks of the rendered slots. Pure. */
import type { Slot } from '#messages/slot.ts';
import type { SlackSlot } from '#rollback/status.ts';

export interface Pending {
  /** No record yet: an intent has to be written first. */
  intents: Slot[];
  /** With an intent and without a ts. */
  posts: Slot[];
  /** Posted, and the content differs; most urgent first. */
  edits: (Slot & { ts: string; hash: string })[];
}

const ORDER: Slot['urgency'][] = ['outcome', 'buttons', 'ticks', 'progress'];

/** `hashOf` is that of messages/. A reply whose root is not posted yet waits. */
export function pending(
  slots: readonly Slot[],
  recorded: Record<string, SlackSlot>,
  hashOf: (slot: Slot) => string,
): Pending {
  const posted = (key: string): boolean => recorded[key]?.ts !== undefined;
  const ready = slots.filter((slot) => slot.thread === undefined || posted(slot.thread));
  const intents = ready.filter((slot) => recorded[slot.key] === undefined);
  const posts = ready.filter((slot) => recorded[slot.key] !== undefined && !posted(slot.key));
  const edits = ready.flatMap((slot) => {
    const record = recorded[slot.key];
    if (record?.ts === undefined) return [];
    const hash = hashOf(slot);
    return record.hash === hash ? [] : [{ ...slot, ts: record.ts, hash }];
  });
  return { intents, posts, edits: edits.toSorted((a, b) => ORDER.indexOf(a.urgency) - ORDER.indexOf(b.urgency)) };
}

/** Every slot is posted with the content it should have. */
export function agrees(
  slots: readonly Slot[],
  recorded: Record<string, SlackSlot>,
  hashOf: (slot: Slot) => string,
): boolean {
  return slots.every((slot) => recorded[slot.key]?.ts !== undefined && recorded[slot.key]?.hash === hashOf(slot));
}
