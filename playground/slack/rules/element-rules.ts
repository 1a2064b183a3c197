/** Block elements: what each may hold, and which stand in a section, an actions block, an input, a context. */
import { blockLimits, elementLimits } from '../limits.ts';
import { anything, atLeastOne, both, byType, flag, integer, listOf, notBoth, oneOf, shape, text } from './rule.ts';
import type { Rule } from './rule.ts';
import { optionConsistency, optionGroupList, overflowOption, plainOption, richOption } from './option-rules.ts';
import { confirmDialog, plainText } from './text-rules.ts';

const id = text(blockLimits.id);
const placeholder = plainText(elementLimits.placeholder);
const accessible = text(elementLimits.accessibilityLabel);
const date: Rule = (value, at, report) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(value))) report({ at, message: 'must provide a date as YYYY-MM-DD' });
};
const time: Rule = (value, at, report) => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(String(value))) report({ at, message: 'must provide a time as HH:mm' });
};
const dispatchConfig = shape(
  {},
  { trigger_actions_on: listOf(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }) },
);

/** An interactive element: its own fields beside those all have. */
function element(type: string, required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return shape({ type: oneOf(type), ...required }, { action_id: id, ...optional });
}

const button = element(
  'button',
  { text: plainText(elementLimits.buttonText) },
  {
    value: text(elementLimits.buttonValue),
    url: text(blockLimits.url),
    style: oneOf('primary', 'danger'),
    confirm: confirmDialog,
    accessibility_label: accessible,
  },
);

export const image: Rule = both(
  shape(
    { type: oneOf('image'), alt_text: text(blockLimits.altText) },
    { image_url: text(blockLimits.url), slack_file: anything },
  ),
  atLeastOne('image_url', 'slack_file'),
);

const optionList = listOf(plainOption, { max: elementLimits.options });
const menu = { placeholder, confirm: confirmDialog, focus_on_load: flag };
const many = { ...menu, max_selected_items: integer(1, 100) };
const minQueryLength = integer(0, 3000);
const idList = listOf(id, { min: 0, max: 100 });

const menus: Record<string, Rule> = {
  static_select: both(
    element(
      'static_select',
      {},
      { ...menu, options: optionList, option_groups: optionGroupList, initial_option: plainOption },
    ),
    atLeastOne('options', 'option_groups'),
    notBoth('options', 'option_groups'),
    optionConsistency,
  ),
  external_select: element(
    'external_select',
    {},
    { ...menu, min_query_length: minQueryLength, initial_option: plainOption },
  ),
  users_select: element('users_select', {}, { ...menu, initial_user: id }),
  conversations_select: element(
    'conversations_select',
    {},
    {
      ...menu,
      initial_conversation: id,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter: anything,
    },
  ),
  channels_select: element('channels_select', {}, { ...menu, initial_channel: id, response_url_enabled: flag }),
  multi_static_select: both(
    element(
      'multi_static_select',
      {},
      {
        ...many,
        options: optionList,
        option_groups: optionGroupList,
        initial_options: listOf(plainOption, { max: elementLimits.options }),
      },
    ),
    atLeastOne('options', 'option_groups'),
    notBoth('options', 'option_groups'),
    optionConsistency,
  ),
  multi_external_select: element(
    'multi_external_select',
    {},
    {
      ...many,
      min_query_length: minQueryLength,
      initial_options: listOf(plainOption, { max: elementLimits.options }),
    },
  ),
  multi_users_select: element('multi_users_select', {}, { ...many, initial_users: idList }),
  multi_conversations_select: element(
    'multi_conversations_select',
    {},
    {
      ...many,
      initial_conversations: idList,
      default_to_current_conversation: flag,
      filter: anything,
    },
  ),
  multi_channels_select: element('multi_channels_select', {}, { ...many, initial_channels: idList }),
};

const choices: Record<string, Rule> = {
  checkboxes: both(
    element(
      'checkboxes',
      { options: listOf(richOption, { max: elementLimits.checkboxes }) },
      {
        initial_options: listOf(richOption, { max: elementLimits.checkboxes }),
        confirm: confirmDialog,
        focus_on_load: flag,
      },
    ),
    optionConsistency,
  ),
  radio_buttons: both(
    element(
      'radio_buttons',
      { options: listOf(richOption, { max: elementLimits.checkboxes }) },
      {
        initial_option: richOption,
        confirm: confirmDialog,
        focus_on_load: flag,
      },
    ),
    optionConsistency,
  ),
  overflow: element(
    'overflow',
    { options: listOf(overflowOption, { max: elementLimits.overflowOptions }) },
    { confirm: confirmDialog },
  ),
};

const pickers: Record<string, Rule> = {
  datepicker: element('datepicker', {}, { ...menu, initial_date: date }),
  timepicker: element('timepicker', {}, { ...menu, initial_time: time, timezone: text(100) }),
  datetimepicker: element(
    'datetimepicker',
    {},
    {
      initial_date_time: integer(0, 9_999_999_999),
      confirm: confirmDialog,
      focus_on_load: flag,
    },
  ),
};

const typing = { placeholder, dispatch_action_config: dispatchConfig, focus_on_load: flag };
const inputLength = integer(0, elementLimits.inputLength);

const inputs: Record<string, Rule> = {
  plain_text_input: element(
    'plain_text_input',
    {},
    {
      ...typing,
      initial_value: text(elementLimits.inputLength, 0),
      multiline: flag,
      min_length: inputLength,
      max_length: integer(1, elementLimits.inputLength),
    },
  ),
  email_text_input: element('email_text_input', {}, { ...typing, initial_value: text(elementLimits.inputLength, 0) }),
  url_text_input: element('url_text_input', {}, { ...typing, initial_value: text(elementLimits.inputLength, 0) }),
  number_input: element(
    'number_input',
    { is_decimal_allowed: flag },
    {
      ...typing,
      initial_value: text(elementLimits.inputLength, 0),
      min_value: text(100),
      max_value: text(100),
    },
  ),
  rich_text_input: element('rich_text_input', {}, { ...typing, initial_value: anything }),
  file_input: element(
    'file_input',
    {},
    {
      filetypes: listOf(text(100), { max: 100 }),
      max_files: integer(1, elementLimits.fileInputFiles),
    },
  ),
};

const workflowButton = element(
  'workflow_button',
  { text: plainText(elementLimits.buttonText), workflow: anything },
  {
    style: oneOf('primary', 'danger'),
    accessibility_label: accessible,
  },
);

/** May stand beside a section's text. */
export const accessory: Rule = byType({
  button,
  image,
  workflow_button: workflowButton,
  ...menus,
  ...choices,
  ...pickers,
});
/** May stand in an actions block. */
export const actionElement: Rule = byType({
  button,
  workflow_button: workflowButton,
  rich_text_input: inputs['rich_text_input'] ?? anything,
  ...menus,
  ...choices,
  ...pickers,
});

const { overflow: _, ...answers } = choices;
/** May stand in an input block. */
export const inputElement: Rule = byType({ ...menus, ...answers, ...pickers, ...inputs });

export const contextActionElement: Rule = byType({
  feedback_buttons: element('feedback_buttons', { positive_button: anything, negative_button: anything }),
  icon_button: element(
    'icon_button',
    { icon: text(100), text: plainText(elementLimits.buttonText) },
    {
      value: text(elementLimits.buttonValue),
      confirm: confirmDialog,
      accessibility_label: accessible,
      visible_to_user_ids: idList,
    },
  ),
});

export const cardButton: Rule = byType({ button });
