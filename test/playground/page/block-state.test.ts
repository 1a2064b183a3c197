import { describe, expect, it } from '@jest/globals';
import { pageModule } from './page-module.ts';

const { actionOf, mergeState, missingFields, valueIn, withValue } = await pageModule('block/state.js');

const option = (value: string) => ({ text: { type: 'plain_text', text: value }, value });
const textInput = (more = {}) => ({ type: 'plain_text_input', action_id: 'reason', ...more });
const input = (element: object, more = {}) => ({ type: 'input', block_id: 'reason', element, ...more });
const select = (values: string[], more = {}) => ({
  type: 'static_select',
  action_id: 'environment',
  options: values.map(option),
  ...more,
});

describe('the state of a form', () => {
  it('begins with what the app set beforehand, else with nothing', () => {
    const blocks = [
      input(textInput({ initial_value: 'logins fail' })),
      { type: 'actions', block_id: 'more', elements: [select(['production']), { type: 'button', action_id: 'go' }] },
    ];
    expect(mergeState({}, blocks)).toEqual({
      reason: { reason: { type: 'plain_text_input', value: 'logins fail' } },
      more: { environment: { type: 'static_select', selected_option: null } },
    });
  });

  it('keeps what was typed when the view is updated under the same block_id', () => {
    const typed = withValue(mergeState({}, [input(textInput())]), 'reason', textInput(), 'mine');
    const updated = mergeState(typed, [input(textInput({ initial_value: 'theirs' }))]);
    expect(valueIn(updated, 'reason', textInput())).toBe('mine');
  });

  it('begins anew under a new block_id', () => {
    const typed = withValue({}, 'reason', textInput(), 'mine');
    const updated = mergeState(typed, [input(textInput({ initial_value: 'theirs' }), { block_id: 'reason-2' })]);
    expect(updated).toEqual({ 'reason-2': { reason: { type: 'plain_text_input', value: 'theirs' } } });
  });

  it('drops a choice that is no longer offered', () => {
    const picked = withValue({}, 'where', select(['production']), option('production'));
    const blocks = [{ type: 'section', block_id: 'where', accessory: select(['staging']) }];
    expect(mergeState(picked, blocks)['where'].environment.selected_option).toBeNull();
  });

  it('names required fields that are empty and text that is too long', () => {
    const blocks = [input(textInput({ max_length: 3 })), input(select(['a']), { block_id: 'where', optional: true })];
    expect(Object.keys(missingFields(blocks, mergeState({}, blocks)))).toEqual(['reason']);
    expect(missingFields(blocks, withValue({}, 'reason', textInput(), 'abcd'))['reason']).toMatch(/3 characters/);
    expect(missingFields(blocks, withValue({}, 'reason', textInput(), 'abc'))).toEqual({});
  });
});

describe('an action', () => {
  it('carries the value of a button', () => {
    const button = { type: 'button', action_id: 'undo', value: 'auth-1', text: option('Undo').text };
    expect(actionOf(button, 'b1')).toMatchObject({
      type: 'button',
      action_id: 'undo',
      block_id: 'b1',
      value: 'auth-1',
    });
  });

  it('carries every ticked box', () => {
    const boxes = { type: 'checkboxes', action_id: 'checks', options: [option('a'), option('b')] };
    expect(actionOf(boxes, 'b1', [option('b')])).toMatchObject({ selected_options: [option('b')] });
  });
});
