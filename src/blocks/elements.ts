/** Texts and interactive elements within Slack's limits (slack.md §2). Plain text is never escaped: Slack shows it as it is. */
import type {
  Button,
  Checkboxes,
  ConfirmationDialog,
  MrkdwnElement,
  MrkdwnOption,
  PlainTextElement,
  PlainTextOption,
} from '@slack/types';
import { cut } from './escape.ts';

export const TEXT_MAX = 3000;
export const CHECKBOXES_MAX = 10;
/** Of a button's `value`, which carries an identity and is therefore never cut: a longer one is a fault of the caller. */
export const BUTTON_VALUE_MAX = 2000;
const BUTTON_TEXT_MAX = 75;
const OPTION_TEXT_MAX = 75;
const OPTION_VALUE_MAX = 150;
const CONFIRM_TITLE_MAX = 100;
const CONFIRM_TEXT_MAX = 300;
const CONFIRM_BUTTON_MAX = 30;

/** Empty text is not allowed by Slack and becomes a dash. */
export const plain = (text: string, max = TEXT_MAX): PlainTextElement => ({
  type: 'plain_text',
  text: cut(text.trim() || '-', max),
  emoji: true,
});

/** `verbatim`: Slack reads our own `<…>` sequences and makes none of its own out of a bare @here or #channel. */
export const mrkdwn = (text: string, max = TEXT_MAX): MrkdwnElement => ({
  type: 'mrkdwn',
  text: cut(text.trim() || '-', max),
  verbatim: true,
});

export function option(text: string, value: string, description = ''): PlainTextOption {
  return {
    text: plain(text, OPTION_TEXT_MAX),
    value: value.slice(0, OPTION_VALUE_MAX),
    ...(description.trim() === '' ? {} : { description: plain(description, OPTION_TEXT_MAX) }),
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
    text: plain(text, BUTTON_TEXT_MAX),
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(label === undefined || label.trim() === '' ? {} : { accessibility_label: cut(label, BUTTON_TEXT_MAX) }),
  };
}

/** What happens on "yes", in plain text; the way back is always there. */
export function confirmation(title: string, text: string, yes: string): ConfirmationDialog {
  return {
    title: plain(title, CONFIRM_TITLE_MAX),
    text: plain(text, CONFIRM_TEXT_MAX),
    confirm: plain(yes, CONFIRM_BUTTON_MAX),
    deny: plain('Go back', CONFIRM_BUTTON_MAX),
  };
}

export interface CheckboxOption {
  /** mrkdwn, escaped. */
  text: string;
  value: string;
  checked: boolean;
  /** Plain text under the option. */
  description?: string;
}

/** At most ten: a longer list needs several elements. */
export function checkboxes(id: string, items: readonly CheckboxOption[]): Checkboxes {
  const options = items.slice(0, CHECKBOXES_MAX).map(({ text, value, description = '' }): MrkdwnOption => ({
    text: mrkdwn(text, OPTION_TEXT_MAX),
    value: value.slice(0, OPTION_VALUE_MAX),
    ...(description.trim() === '' ? {} : { description: plain(description, OPTION_TEXT_MAX) }),
  }));
  const initial = options.filter((_o, i) => items[i]?.checked);
  return { type: 'checkboxes', action_id: id, options, ...(initial.length > 0 ? { initial_options: initial } : {}) };
}
