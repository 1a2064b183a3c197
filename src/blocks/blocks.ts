/**
 * Block Kit blocks within Slack's limits (slack.md §2). Pure, and knows no domain. Text given to `section` and `context` is mrkdwn,
 * escaped already where it came from people; what is too long is cut, what is too much is left out, and nothing is ever empty.
 */
import type { ActionsBlock, ContextBlock, KnownBlock, SectionBlock } from '@slack/types';
import { cut } from './escape.ts';
import { mrkdwn, TEXT_MAX } from './elements.ts';

export const MESSAGE_BLOCKS_MAX = 50;
const BLOCK_ID_MAX = 255;
const CONTEXT_ELEMENTS_MAX = 10;
const ACTIONS_ELEMENTS_MAX = 25;

type Accessory = NonNullable<SectionBlock['accessory']>;

/** Empty text is not allowed by Slack and becomes a dash. */
export function section(text: string, accessory?: Accessory): SectionBlock {
  return { type: 'section', text: mrkdwn(text), ...(accessory ? { accessory } : {}) };
}

/** Lines as sections, each as full as Slack allows; no line is torn unless it alone is too long. */
export function sections(lines: readonly string[]): SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines.map((l) => cut(l, TEXT_MAX))) {
    const last = texts.at(-1);
    const joined = last === undefined ? line : `${last}\n${line}`;
    if (last !== undefined && Array.from(joined).length <= TEXT_MAX) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts.map((text) => section(text));
}

/** No element for an empty text; a dash when none is left. */
export function context(...texts: string[]): ContextBlock {
  const given = texts.filter(Boolean).slice(0, CONTEXT_ELEMENTS_MAX);
  return { type: 'context', elements: (given.length > 0 ? given : ['']).map((text) => mrkdwn(text)) };
}

/** No block when there are no elements: Slack refuses an empty one. */
export function actions(blockId: string, elements: ActionsBlock['elements']): ActionsBlock[] {
  if (elements.length === 0) return [];
  return [{ type: 'actions', block_id: cut(blockId, BLOCK_ID_MAX), elements: elements.slice(0, ACTIONS_ELEMENTS_MAX) }];
}

export const divider: KnownBlock = { type: 'divider' };
