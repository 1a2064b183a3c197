/** By what a rendered slot is compared with the one that Slack took last. */
import { hash } from 'node:crypto';
import type { Slot } from '#messages/slot.ts';

/** Of text and blocks alone. */
export function slotHash({ text, blocks }: Slot): string {
  return hash('sha256', JSON.stringify([text, blocks])).slice(0, 16);
}
