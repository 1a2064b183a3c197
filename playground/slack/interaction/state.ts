/** The values of a surface's elements: what they start with, overlaid with what the person typed and chose. */
import type { KnownBlock } from '@slack/types';
import type { StateValues } from '../client-protocol.ts';

export type Element = Record<string, unknown> & { type: string; action_id?: string };

type ValueOf = (element: Element) => Record<string, unknown>;

/** Elements that hold a value, and the value they start with. Nothing chosen is null or an empty list, never missing. */
const initial: Record<string, ValueOf> = {
  static_select: (e) => ({ selected_option: e['initial_option'] ?? null }),
  external_select: (e) => ({ selected_option: e['initial_option'] ?? null }),
  radio_buttons: (e) => ({ selected_option: e['initial_option'] ?? null }),
  checkboxes: (e) => ({ selected_options: e['initial_options'] ?? [] }),
  multi_static_select: (e) => ({ selected_options: e['initial_options'] ?? [] }),
  multi_external_select: (e) => ({ selected_options: e['initial_options'] ?? [] }),
  users_select: (e) => ({ selected_user: e['initial_user'] ?? null }),
  conversations_select: (e) => ({ selected_conversation: e['initial_conversation'] ?? null }),
  channels_select: (e) => ({ selected_channel: e['initial_channel'] ?? null }),
  multi_users_select: (e) => ({ selected_users: e['initial_users'] ?? [] }),
  multi_conversations_select: (e) => ({ selected_conversations: e['initial_conversations'] ?? [] }),
  multi_channels_select: (e) => ({ selected_channels: e['initial_channels'] ?? [] }),
  datepicker: (e) => ({ selected_date: e['initial_date'] ?? null }),
  timepicker: (e) => ({ selected_time: e['initial_time'] ?? null }),
  datetimepicker: (e) => ({ selected_date_time: e['initial_date_time'] ?? null }),
  plain_text_input: (e) => ({ value: e['initial_value'] ?? null }),
  email_text_input: (e) => ({ value: e['initial_value'] ?? null }),
  url_text_input: (e) => ({ value: e['initial_value'] ?? null }),
  number_input: (e) => ({ value: e['initial_value'] ?? null }),
  rich_text_input: (e) => ({ rich_text_value: e['initial_value'] ?? null }),
  file_input: () => ({ files: [] }),
};

/** Interactive elements of one block. */
export function elementsOf(block: KnownBlock): Element[] {
  const fields = block as unknown as {
    element?: Element;
    accessory?: Element;
    elements?: Element[];
    child_blocks?: KnownBlock[];
  };
  const nested = fields.child_blocks?.flatMap(elementsOf) ?? [];
  const several = block.type === 'actions' || block.type === 'context_actions' ? (fields.elements ?? []) : [];
  return [fields.element, fields.accessory, ...several, ...nested].filter((e) => e !== undefined);
}

/** `state.values` of a message or view. Values typed into elements that are gone are dropped. */
export function fullState(blocks: KnownBlock[], typed: StateValues): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const valueOf = initial[element.type];
      const { action_id: actionId } = element;
      if (!valueOf || block.block_id === undefined || actionId === undefined) continue;
      const chosen = typed[block.block_id]?.[actionId];
      const value = isFields(chosen) ? chosen : valueOf(element);
      (values[block.block_id] ??= {})[actionId] = { type: element.type, ...value };
    }
  }
  return values;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
