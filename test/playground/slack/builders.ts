/** Small blocks and views for the tests of the emulated Slack. */
import { SlackError } from '#playground/slack/slack-error.ts';
import type { InputBlock, ModalView, SectionBlock } from '@slack/types';

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const section = (text: string, more: Partial<SectionBlock> = {}): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text },
  ...more,
});
export const option = (text: string, value = text) => ({ text: plain(text), value });
export const button = (text: string, more: object = {}) => ({
  type: 'button' as const,
  text: plain(text),
  action_id: text.toLowerCase().replaceAll(/\W+/g, '_'),
  ...more,
});

export const input = (blockId: string, label: string, more: Partial<InputBlock> = {}): InputBlock => ({
  type: 'input',
  block_id: blockId,
  label: plain(label),
  element: { type: 'plain_text_input', action_id: blockId },
  ...more,
});

export const modal = (title: string, more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'form',
  title: plain(title),
  submit: plain('Send'),
  blocks: [section(`This is ${title}.`)],
  ...more,
});

/** What a call was refused with: Slack's word. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as { data?: { error?: string } }).data?.error ?? String(error);
  }
  return 'ok';
}

export const long = (n: number): string => 'x'.repeat(n);
export const many = <T>(n: number, make: (index: number) => T): T[] =>
  Array.from({ length: n }, (_, index) => make(index));

/** What a check refuses with: Slack's word and every complaint, or "ok". */
export function wordsOfRefusal(check: () => void): string {
  try {
    check();
    return 'ok';
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return [error.error, ...((error.more['errors'] as string[] | undefined) ?? [])].join(' | ');
  }
}
