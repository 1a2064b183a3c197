/** By what a rendered slot is compared with the one that Slack took last. */
import { createHash } from 'node:crypto';
import type { Slot } from '#messages/slot.ts';

/** Of text and blocks alone. */
export function slotHash({ text, blocks }: Slot): string {
  return createHash('sha256')
    .update(JSON.stringify([text, blocks]))
    .digest('hex')
    .slice(0, 16);
}
