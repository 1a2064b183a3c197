/** Block Kit blocks within Slack's limits (slack.md §2). Text given to them is mrkdwn and already escaped where it came from people. */
import type { ActionsBlock, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from '@slack/types';
import { cut } from './escape.ts';

export const MESSAGE_BLOCKS_MAX = 50;
export const TEXT_MAX = 3000;
const HEADER_MAX = 150;
const CONTEXT_ELEMENTS_MAX = 10;
const ACTIONS_ELEMENTS_MAX = 25;

type Accessory = NonNullable<SectionBlock['accessory']>;

/** Empty text is not allowed by Slack and becomes a dash. */
export function section(text: string, accessory?: Accessory): SectionBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: cut(text || '-', TEXT_MAX) },
    ...(accessory ? { accessory } : {}),
  };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: cut(text, HEADER_MAX), emoji: true } };
}

export function context(...texts: string[]): ContextBlock {
  const elements = texts.filter(Boolean).slice(0, CONTEXT_ELEMENTS_MAX);
  return {
    type: 'context',
    elements: elements.map((text) => ({ type: 'mrkdwn' as const, text: cut(text, TEXT_MAX) })),
  };
}

/** No block when there are no elements: Slack refuses an empty one. */
export function actions(blockId: string, elements: ActionsBlock['elements']): ActionsBlock[] {
  if (elements.length === 0) return [];
  return [{ type: 'actions', block_id: blockId, elements: elements.slice(0, ACTIONS_ELEMENTS_MAX) }];
}

export const divider: KnownBlock = { type: 'divider' };
