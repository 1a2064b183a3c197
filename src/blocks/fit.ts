/** A whole message within Slack's limits: the number of blocks, and all their texts together (`msg_blocks_too_long`, undocumented). */
import type { KnownBlock } from '@slack/types';
import { MESSAGE_BLOCKS_MAX } from './blocks.ts';
import { cut, lengthOf } from './escape.ts';

/** Others measured refusals from about 13,200 on. */
export const MESSAGE_BLOCK_TEXT_MAX = 12_000;
/** Of the message's own `text`: edits of more than about 4,000 are refused. */
export const MESSAGE_TEXT_MAX = 3000;

/** Every string under a key `text`, and alternatives read aloud: what Slack counts. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + textLength(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? lengthOf(inner) : textLength(inner)),
    0,
  );
}

/** The section with its text cut to `max`; a code fence that is cut is closed again. */
function shortened(block: KnownBlock, max: number): KnownBlock {
  if (block.type !== 'section' || block.text === undefined) return block;
  const { text } = block.text;
  const short = text.endsWith('\n```') ? `${cut(text.slice(0, -4), max - 4)}\n\`\`\`` : cut(text, max);
  return { ...block, text: { ...block.text, text: short } };
}

/** Buttons stay whatever happens; the longest sections give way first, and blocks beyond the limit are left out from the middle. */
export function fit(blocks: readonly KnownBlock[]): KnownBlock[] {
  const isText = ({ type }: KnownBlock): boolean => type === 'section' || type === 'context' || type === 'divider';
  let left = blocks.length - MESSAGE_BLOCKS_MAX;
  const fewer = blocks.filter((block, i) => !(isText(block) && i > 0 && left-- > 0)).slice(0, MESSAGE_BLOCKS_MAX);
  let over = textLength(fewer) - MESSAGE_BLOCK_TEXT_MAX;
  while (over > 0) {
    const lengths = fewer.map((block) => (block.type === 'section' ? lengthOf(block.text?.text ?? '') : 0));
    const longest = lengths.indexOf(Math.max(...lengths));
    const before = lengths[longest] ?? 0;
    const block = fewer[longest];
    if (block === undefined || before <= 100) return fewer;
    fewer[longest] = shortened(block, Math.max(100, before - over));
    over = textLength(fewer) - MESSAGE_BLOCK_TEXT_MAX;
  }
  return fewer;
}
