/** What Slack's client itself refuses before a form is sent, by block_id. */
import type { InputBlock, KnownBlock } from '@slack/types';
import type { StateValues } from '../client-protocol.ts';
import { lengthOf } from '../rules/rule.ts';

type Value = Record<string, unknown>;

const answers = [
  'value',
  'selected_option',
  'selected_options',
  'selected_user',
  'selected_users',
  'selected_conversation',
  'selected_conversations',
  'selected_channel',
  'selected_channels',
  'selected_date',
  'selected_time',
  'selected_date_time',
  'rich_text_value',
  'files',
];

function isEmpty(value: Value): boolean {
  return answers.every((name) => {
    const answer = value[name];
    return answer === undefined || answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0);
  });
}

function textError({ element }: InputBlock, text: string): string | undefined {
  if (element.type === 'plain_text_input') {
    const least = element.min_length ?? 0;
    const most = element.max_length ?? 3000;
    if (lengthOf(text) < least) return `Please use at least ${least} characters.`;
    if (lengthOf(text) > most) return `Please use at most ${most} characters.`;
  }
  if (element.type === 'number_input') {
    const number = Number(text);
    if (text.trim() === '' || Number.isNaN(number)) return 'Please enter a number.';
    if (!element.is_decimal_allowed && !Number.isInteger(number)) return 'Please enter a whole number.';
    if (element.min_value !== undefined && number < Number(element.min_value)) return `At least ${element.min_value}.`;
    if (element.max_value !== undefined && number > Number(element.max_value)) return `At most ${element.max_value}.`;
  }
  if (element.type === 'email_text_input' && !/^\S+@\S+$/.test(text)) return 'Please enter an e-mail address.';
  if (element.type === 'url_text_input' && !URL.canParse(text)) return 'Please enter a link.';
  return undefined;
}

function errorOf(block: InputBlock, value: Value): string | undefined {
  if (isEmpty(value)) return block.optional === true ? undefined : 'Please complete this required field.';
  return typeof value['value'] === 'string' ? textError(block, value['value']) : undefined;
}

/** Field errors of a form as typed; empty when it may be sent. */
export function inputErrors(blocks: KnownBlock[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input' || block.block_id === undefined) continue;
    const [value] = Object.values(values[block.block_id] ?? {});
    const error = errorOf(block, (value ?? {}) as Value);
    if (error !== undefined) errors[block.block_id] = error;
  }
  return errors;
}
