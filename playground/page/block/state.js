/**
 * What a person typed and picked in one message or view, in the shape of `view.state.values`. Pure. The rule that modals live by is here:
 * an element with the same block_id and action_id keeps its value when the app updates the view; a new block_id starts from `initial_*`.
 *
 * @typedef {import('../../slack/client-protocol.ts').StateValues} StateValues
 */

/** Element type → the field of its value, and where the app may set it beforehand. */
const valueFields = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  checkboxes: ['selected_options', 'initial_options'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  multi_users_select: ['selected_users', 'initial_users'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
};

const isList = (field) => field.endsWith('s');

/** Every interactive element of the blocks with the block it stands in. */
function elementsOf(blocks) {
  return (blocks ?? []).flatMap((block) => {
    const elements = [...(block.elements ?? []), block.element, block.accessory];
    return elements.filter((one) => one?.action_id).map((element) => ({ block, element }));
  });
}

/** What the element holds before anybody touched it. */
function initialState(element) {
  const [field, initial] = valueFields[element.type];
  return { type: element.type, [field]: element[initial] ?? (isList(field) ? [] : null) };
}

/** Is a held choice still among the options? External ones are the app's business. */
function stillOffered(element, held) {
  if (element.type !== 'static_select' && element.type !== 'radio_buttons') return true;
  const options = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  return held.selected_option === null || options.some((option) => option.value === held.selected_option?.value);
}

/**
 * The state of `blocks`, keeping from `held` what the person did.
 * @param {StateValues} held
 * @returns {StateValues}
 */
export function mergeState(held, blocks) {
  const values = {};
  for (const { block, element } of elementsOf(blocks)) {
    if (!valueFields[element.type]) continue;
    const before = held[block.block_id]?.[element.action_id];
    const keeps = before?.type === element.type && stillOffered(element, before);
    values[block.block_id] = {
      ...values[block.block_id],
      [element.action_id]: keeps ? before : initialState(element),
    };
  }
  return values;
}

/** The element's value: text, an option, a list, or null. */
export const valueIn = (state, blockId, element) =>
  state[blockId]?.[element.action_id]?.[valueFields[element.type][0]] ?? null;

/** @returns {StateValues} with one value replaced */
export function withValue(state, blockId, element, value) {
  const [field] = valueFields[element.type];
  const entry = { type: element.type, [field]: value };
  return { ...state, [blockId]: { ...state[blockId], [element.action_id]: entry } };
}

/** `actions[0]` of a block_actions payload, as far as the client knows it. */
export function actionOf(element, blockId, value) {
  const base = { type: element.type, action_id: element.action_id, block_id: blockId };
  if (element.type === 'button') return { ...base, text: element.text, value: element.value, style: element.style };
  if (element.type === 'overflow') return { ...base, selected_option: value };
  return { ...base, [valueFields[element.type][0]]: value };
}

const isEmpty = (value) => value === null || value === undefined || value === '' || value.length === 0;

/** What Slack's client itself complains about before it sends anything, by block_id. */
export function missingFields(blocks, state) {
  const errors = {};
  for (const block of blocks) {
    if (block.type !== 'input') continue;
    const value = valueIn(state, block.block_id, block.element);
    if (isEmpty(value)) {
      if (!block.optional) errors[block.block_id] = 'Please complete this required field.';
      continue;
    }
    const { min_length: least, max_length: most } = block.element;
    if (least && value.length < least) errors[block.block_id] = `Please enter at least ${least} characters.`;
    if (most && value.length > most) errors[block.block_id] = `Please keep this to ${most} characters.`;
  }
  return errors;
}
