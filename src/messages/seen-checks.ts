/**
 * What a person saw of the checklist travels in the block_id (`checks:r7.0:0b0101`), so that any replica can tell what was ticked, and two
 * people at once never overwrite each other (design §6). The revision makes a new block_id after each answer: else clients keep old ticks.
 */
import { CHECKBOXES_MAX } from '#blocks/elements.ts';

/** Shown of one checklist; the bits of more would not fit into a block_id, nor the items on a phone. */
export const CHECKS_MAX = 50;

/** Order of the plan's checklist; bit i set: item i was shown ticked. `part`: which ten of them. */
export function encodeSeen(revision: number, part: number, shown: readonly boolean[]): string {
  return `checks:r${revision}.${part}:0b${shown.map((ticked) => (ticked ? 1 : 0)).join('')}`;
}

/** What the clicker saw, from a block_id; undefined: not one of ours. */
export function readSeen(blockId: string): { part: number; shown: boolean[] } | undefined {
  const [, part, bits] = /^checks:r\d+\.(\d+):0b([01]*)$/.exec(blockId) ?? [];
  if (part === undefined || bits === undefined) return undefined;
  return { part: Number(part), shown: Array.from(bits, (bit) => bit === '1') };
}

/** Ticks that differ from what was shown: item id → ticked. `selected`: values of the boxes ticked now in that block. */
export function ticksChanged(
  itemIds: readonly string[],
  blockId: string,
  selected: readonly string[],
): Map<string, boolean> {
  const seen = readSeen(blockId);
  if (!seen) return new Map();
  const changed = itemIds
    .map((id, i) => ({ id, i, ticked: selected.includes(id) }))
    .filter(({ i }) => i < seen.shown.length && Math.floor(i / CHECKBOXES_MAX) === seen.part)
    .filter(({ i, ticked }) => ticked !== seen.shown[i]);
  return new Map(changed.map(({ id, ticked }) => [id, ticked]));
}
