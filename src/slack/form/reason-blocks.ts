/** Why: one tap in the runbook's own words, and room for more. And the name of the environment where everything goes back. */
import type { KnownBlock } from '@slack/types';
import { REASON_TITLES } from '#rollback/reason.ts';
import { ReasonKind } from '#rollback/spec.ts';
import { option, plain } from '#blocks/elements.ts';
import type { FormState } from './form-state.ts';
import { ACTION, block } from './ids.ts';

export const MAX_REASON = 3000;

/** The runbook's thresholds, under its titles. */
const THRESHOLDS: Record<ReasonKind, string> = {
  'error-rate': 'More than 1% above, for 5 minutes',
  latency: 'More than 50% above, for 5 minutes',
  'health-check': 'Any service, for 5 minutes',
  alert: 'Any, for 5 minutes',
  other: 'Say what in the field below',
};

export function reasonBlocks({ reason }: FormState): KnownBlock[] {
  const options = ReasonKind.options.map((kind) => option(REASON_TITLES[kind], kind, THRESHOLDS[kind]));
  const chosen = options.find(({ value }) => value === reason.kind);
  return [
    {
      type: 'input',
      block_id: block.reasonKind,
      label: plain('Reason'),
      element: {
        type: 'radio_buttons',
        action_id: ACTION.reasonKind,
        options,
        ...(chosen === undefined ? {} : { initial_option: chosen }),
      },
    },
    {
      type: 'input',
      block_id: block.reasonText,
      label: plain('In a few words'),
      optional: true,
      element: {
        type: 'plain_text_input',
        action_id: ACTION.reasonText,
        multiline: true,
        max_length: MAX_REASON,
        placeholder: plain('What people see, since when'),
        ...(reason.text === undefined || reason.text === '' ? {} : { initial_value: reason.text }),
      },
    },
  ];
}

/** A full system that was cut to what was deployed lately is none any more. */
export const asksForName = ({ fullSystem, since }: FormState): boolean => fullSystem && since === undefined;

/** Only for the full system. Another environment is another block: what was typed for one does not count for the other. */
export function confirmBlock(state: FormState): KnownBlock[] {
  const { environment } = state;
  if (!asksForName(state) || environment === undefined) return [];
  return [
    {
      type: 'input',
      block_id: block.confirm(environment),
      label: plain(`Full system: type ${environment} to confirm`),
      element: { type: 'plain_text_input', action_id: ACTION.confirm, placeholder: plain(environment) },
    },
  ];
}
