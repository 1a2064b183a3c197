import { elementLimits } from '../limits.ts';
import { both, isFields, listOf, shape, text } from './rule.ts';
import type { Rule } from './rule.ts';
import { anyText, plainText } from './text-rules.ts';

const { options, optionGroups, optionText, optionValue, optionDescription, groupLabel } = elementLimits;

/** Of selects and overflows: plain text. */
export const plainOption: Rule = shape(
  { text: plainText(optionText), value: text(optionValue) },
  { description: plainText(optionDescription) },
);
export const overflowOption: Rule = shape(
  { text: plainText(optionText), value: text(optionValue) },
  { description: plainText(optionDescription), url: text(3000) },
);
/** Of checkboxes and radio buttons: mrkdwn too. */
export const richOption: Rule = shape(
  { text: anyText(optionText), value: text(optionValue) },
  { description: anyText(optionDescription) },
);

export const optionGroupList: Rule = listOf(
  shape({ label: plainText(groupLabel), options: listOf(plainOption, { max: options }) }),
  { max: optionGroups },
);

function optionsOf(fields: Record<string, unknown>): unknown[] {
  const groups = Array.isArray(fields['option_groups']) ? fields['option_groups'] : [];
  const inGroups = groups.flatMap((group) =>
    isFields(group) && Array.isArray(group['options']) ? group['options'] : [],
  );
  return [...(Array.isArray(fields['options']) ? fields['options'] : []), ...inGroups];
}

/** What is chosen at first must be one of the options, with the very same text and value. */
const initialAmongOptions: Rule = (value, at, report) => {
  if (!isFields(value)) return;
  const known = optionsOf(value).map((option) => canonical(option));
  const single = value['initial_option'] === undefined ? [] : [value['initial_option']];
  const several = Array.isArray(value['initial_options']) ? value['initial_options'] : [];
  for (const option of [...single, ...several]) {
    if (!known.includes(canonical(option))) {
      report({ at, message: 'initial option must exactly match one of the options provided' });
    }
  }
};

/** Two options with one value could not be told apart. */
const distinctValues: Rule = (value, at, report) => {
  if (!isFields(value)) return;
  const values = optionsOf(value).flatMap((option) => (isFields(option) ? [option['value']] : []));
  if (new Set(values).size < values.length) report({ at, message: 'option values must be unique' });
};

export const optionConsistency: Rule = both(initialAmongOptions, distinctValues);

function canonical(option: unknown): string {
  if (!isFields(option)) return '';
  const shown = isFields(option['text']) ? option['text']['text'] : undefined;
  return JSON.stringify([shown, option['value']]);
}
