/** Interactive elements within Slack's limits (slack.md §2). */
import type {
  Button,
  Checkboxes,
  ConfirmationDialog,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
} from '@slack/types';
import { cut } from './escape.ts';

const BUTTON_TEXT_MAX = 75;
const OPTION_TEXT_MAX = 75;
const OPTION_VALUE_MAX = 150;
export const CHECKBOXES_MAX = 10;

export const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: true });
export const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text: cut(text, 3000) });

export function option(text: string, value: string, description = ''): PlainTextOption {
  return {
    text: plain(cut(text, OPTION_TEXT_MAX)),
    value: value.slice(0, OPTION_VALUE_MAX),
    ...(description === '' ? {} : { description: plain(cut(description, OPTION_TEXT_MAX)) }),
  };
}

export interface ButtonOptions {
  id: string;
  text: string;
  value?: string;
  style?: 'primary' | 'danger';
  url?: string;
  confirm?: ConfirmationDialog;
  /** Read aloud instead of the text, when the text alone does not say what it does. */
  label?: string;
}

export function button({ id, text, value, style, url, confirm, label }: ButtonOptions): Button {
  return {
    type: 'button',
    action_id: id,
    text: plain(cut(text, BUTTON_TEXT_MAX)),
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(label === undefined ? {} : { accessibility_label: cut(label, BUTTON_TEXT_MAX) }),
  };
}

/** Title ≤ 100, text ≤ 300, buttons ≤ 30 characters. */
export function confirmation(title: string, text: string, yes: string): ConfirmationDialog {
  return {
    title: plain(cut(title, 100)),
    text: plain(cut(text, 300)),
    confirm: plain(cut(yes, 30)),
    deny: plain('Go back'),
  };
}

export interface CheckboxOption {
  text: string;
  value: string;
  checked: boolean;
  /** Plain text under the option. */
  description?: string;
}

/** At most ten; `text` is mrkdwn. */
export function checkboxes(id: string, items: readonly CheckboxOption[]): Checkboxes {
  const options = items.slice(0, CHECKBOXES_MAX).map(({ text, value, description }) => ({
    text: mrkdwn(cut(text, OPTION_TEXT_MAX)),
    value,
    ...(description ? { description: plain(cut(description, OPTION_TEXT_MAX)) } : {}),
  }));
  const initial = options.filter((_o, i) => items[i]?.checked);
  return { type: 'checkboxes', action_id: id, options, ...(initial.length > 0 ? { initial_options: initial } : {}) };
}
