import { describe, expect, it } from '@jest/globals';
import { checkMessageBlocks } from '#playground/slack/rules/surface-rules.ts';
import { button, long, many, option, plain, section, wordsOfRefusal } from './builders.ts';

const actions = (...elements: object[]): object => ({ type: 'actions', elements });
const select = (more: object): object => ({ type: 'static_select', action_id: 'pick', ...more });
const boxes = (more: object): object => ({ type: 'checkboxes', action_id: 'checks', ...more });
const confirm = (more: object): object => ({ title: plain('Sure?'), text: plain('All of it.'), ...more });
const cells = (n: number): object[] => many(n, () => ({ type: 'raw_text', text: 'x' }));

const inMessage = (...blocks: object[]): string => wordsOfRefusal(() => checkMessageBlocks(blocks));

/** What is just allowed, what is one too much, and where Slack points. */
const limits: [string, object, object, string][] = [
  [
    'a section of 3,000',
    section(long(3000)),
    section(long(3001)),
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'a header of 150',
    { type: 'header', text: plain(long(150)) },
    { type: 'header', text: plain(long(151)) },
    '/blocks/0/text/text',
  ],
  [
    'ten fields',
    { type: 'section', fields: many(10, () => plain('x')) },
    { type: 'section', fields: many(11, () => plain('x')) },
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'fields of 2,000',
    { type: 'section', fields: [plain(long(2000))] },
    { type: 'section', fields: [plain(long(2001))] },
    '/blocks/0/fields/0/text',
  ],
  [
    'ten context elements',
    { type: 'context', elements: many(10, () => plain('x')) },
    { type: 'context', elements: many(11, () => plain('x')) },
    '/blocks/0/elements',
  ],
  [
    '25 buttons',
    actions(...many(25, (n) => button(`B${n}`))),
    actions(...many(26, (n) => button(`B${n}`))),
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'a button text of 75',
    actions(button(long(75), { action_id: 'a' })),
    actions(button(long(76), { action_id: 'a' })),
    '/elements/0/text/text',
  ],
  [
    'a button value of 2,000',
    actions(button('B', { value: long(2000) })),
    actions(button('B', { value: long(2001) })),
    '/elements/0/value',
  ],
  [
    'an action_id of 255',
    actions(button('B', { action_id: long(255) })),
    actions(button('B', { action_id: long(256) })),
    '/elements/0/action_id',
  ],
  [
    'a block_id of 255',
    section('x', { block_id: long(255) }),
    section('x', { block_id: long(256) }),
    '/blocks/0/block_id',
  ],
  [
    'a confirm title of 100',
    actions(button('B', { confirm: confirm({ title: plain(long(100)) }) })),
    actions(button('B', { confirm: confirm({ title: plain(long(101)) }) })),
    '/confirm/title/text',
  ],
  [
    'a confirm text of 300',
    actions(button('B', { confirm: confirm({ text: plain(long(300)) }) })),
    actions(button('B', { confirm: confirm({ text: plain(long(301)) }) })),
    '/confirm/text/text',
  ],
  [
    'confirm buttons of 30',
    actions(button('B', { confirm: confirm({ confirm: plain(long(30)) }) })),
    actions(button('B', { confirm: confirm({ deny: plain(long(31)) }) })),
    '/confirm/deny/text',
  ],
  [
    'a hundred options',
    actions(select({ options: many(100, (n) => option(`o${n}`)) })),
    actions(select({ options: many(101, (n) => option(`o${n}`)) })),
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'an option text of 75',
    actions(select({ options: [option(long(75), 'v')] })),
    actions(select({ options: [option(long(76), 'v')] })),
    '/options/0/text/text',
  ],
  [
    'an option value of 150',
    actions(select({ options: [option('o', long(150))] })),
    actions(select({ options: [option('o', long(151))] })),
    '/options/0/value',
  ],
  [
    'a placeholder of 150',
    actions(select({ options: [option('o')], placeholder: plain(long(150)) })),
    actions(select({ options: [option('o')], placeholder: plain(long(151)) })),
    '/placeholder/text',
  ],
  [
    'ten checkboxes',
    actions(boxes({ options: many(10, (n) => option(`o${n}`)) })),
    actions(boxes({ options: many(11, (n) => option(`o${n}`)) })),
    '/elements/0/options',
  ],
  [
    'five overflow entries',
    actions({ type: 'overflow', action_id: 'more', options: many(5, (n) => option(`o${n}`)) }),
    actions({ type: 'overflow', action_id: 'more', options: many(6, (n) => option(`o${n}`)) }),
    '/elements/0/options',
  ],
  [
    'a table of 100 rows',
    { type: 'table', rows: many(100, () => cells(1)) },
    { type: 'table', rows: many(101, () => cells(1)) },
    '/blocks/0/rows',
  ],
  [
    'a table of 20 columns',
    { type: 'table', rows: [cells(20)] },
    { type: 'table', rows: [cells(21)] },
    '/blocks/0/rows/0',
  ],
  [
    'a markdown block of 12,000',
    { type: 'markdown', text: long(12_000) },
    { type: 'markdown', text: long(12_001) },
    '/blocks/0/text',
  ],
];

describe('a message may hold', () => {
  it.each(limits)('%s and no more', (_, allowed, tooMuch, pointer) => {
    expect(inMessage(allowed)).toBe('ok');
    expect(inMessage(tooMuch)).toMatch(/^invalid_blocks \| /);
    expect(inMessage(tooMuch)).toContain(pointer);
  });

  it('50 blocks and no more', () => {
    expect(inMessage(...many(50, () => ({ type: 'divider' })))).toBe('ok');
    expect(inMessage(...many(51, () => ({ type: 'divider' })))).toContain('no more than 50 items allowed');
  });

  it('13,200 characters in all its blocks and no more', () => {
    const blocks = many(4, () => section(long(3000)));
    expect(inMessage(...blocks, section(long(1200)))).toBe('ok');
    expect(inMessage(...blocks, section(long(1201)))).toBe('msg_blocks_too_long');
  });

  it('12,000 characters of markdown over all its blocks and no more', () => {
    const half = { type: 'markdown', text: long(6000) };
    expect(inMessage(half, half)).toBe('ok');
    expect(inMessage(half, half, { type: 'markdown', text: 'x' })).toBe('msg_blocks_too_long');
  });

  it('emoji counted once each', () => {
    expect(inMessage({ type: 'header', text: plain('🔥'.repeat(150)) })).toBe('ok');
  });
});

const faulty: [string, object[], string][] = [
  ['an empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a section of nothing', [{ type: 'section' }], 'must define `text` or `fields`'],
  ['an unknown block', [{ type: 'marquee' }], 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
  ['an unknown field', [{ ...section('x'), colour: 'red' }], 'invalid additional property: colour'],
  ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], '/blocks/0/text/type'],
  [
    'one block_id twice',
    [section('a', { block_id: 'same' }), section('b', { block_id: 'same' })],
    'already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    'one action_id twice in a block',
    [actions(button('A', { action_id: 'x' }), button('B', { action_id: 'x' }))],
    '`action_id` already exists',
  ],
  [
    'a text input outside an input block',
    [actions({ type: 'plain_text_input', action_id: 'x' })],
    'unsupported type: plain_text_input',
  ],
  [
    'a button of an unknown style',
    [actions(button('A', { style: 'secondary' }))],
    'value must be one of primary, danger',
  ],
  ['a select without options', [actions(select({}))], 'must define `options` or `option_groups`'],
  [
    'an initial option that is none of the options',
    [actions(select({ options: [option('a')], initial_option: option('b') }))],
    'initial option must exactly match',
  ],
  [
    'two options of one value',
    [actions(select({ options: [option('a', 'v'), option('b', 'v')] }))],
    'option values must be unique',
  ],
  ['rows of unequal width', [{ type: 'table', rows: [cells(1), cells(2)] }], 'same number of cells'],
  [
    'a table of more than 10,000 characters',
    [{ type: 'table', rows: [[{ type: 'raw_text', text: long(10_001) }]] }],
    'must be less than 10001 characters [json-pointer:/blocks/0/rows]',
  ],
  ['two tables', many(2, () => ({ type: 'table', rows: [cells(1)] })), 'only one table is allowed'],
  [
    'a task of an unknown status',
    [{ type: 'task_card', task_id: 't', title: 'x', status: 'completed' }],
    '/blocks/0/status',
  ],
  [
    'a task whose title is no plain string',
    [{ type: 'task_card', task_id: 't', title: plain('x'), status: 'complete' }],
    '/blocks/0/title',
  ],
  [
    'a plan beside a task',
    [
      { type: 'plan', title: 'x' },
      { type: 'task_card', task_id: 't', title: 'x', status: 'error' },
    ],
    'may not hold both plan and task_card',
  ],
];

describe('a message is refused for', () => {
  it.each(faulty)('%s', (_, blocks, complaint) => {
    expect(inMessage(...blocks)).toMatch(/^invalid_blocks \| /);
    expect(inMessage(...blocks)).toContain(complaint);
  });
});
