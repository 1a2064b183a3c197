import { describe, expect, it } from '@jest/globals';
import { checkView } from '#playground/slack/rules/surface-rules.ts';
import { input, long, many, modal, option, plain, section, wordsOfRefusal } from './builders.ts';

const inModal = (more: object): string => wordsOfRefusal(() => checkView(modal('Form', more), 'modal'));

const views: [string, object, object, string][] = [
  [
    'a title of 24',
    { title: plain(long(24)) },
    { title: plain(long(25)) },
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  ['a submit of 24', { submit: plain(long(24)) }, { submit: plain(long(25)) }, '/view/submit/text'],
  ['a close of 24', { close: plain(long(24)) }, { close: plain(long(25)) }, '/view/close/text'],
  [
    '100 blocks',
    { blocks: many(100, () => ({ type: 'divider' })) },
    { blocks: many(101, () => ({ type: 'divider' })) },
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'private_metadata of 3,000',
    { private_metadata: long(3000) },
    { private_metadata: long(3001) },
    '/view/private_metadata',
  ],
  ['a callback_id of 255', { callback_id: long(255) }, { callback_id: long(256) }, '/view/callback_id'],
  [
    'a label of 2,000',
    { blocks: [input('a', long(2000))] },
    { blocks: [input('a', long(2001))] },
    '/view/blocks/0/label/text',
  ],
  [
    'a hint of 2,000',
    { blocks: [input('a', 'A', { hint: plain(long(2000)) })] },
    { blocks: [input('a', 'A', { hint: plain(long(2001)) })] },
    '/view/blocks/0/hint/text',
  ],
  [
    'an alert of 200',
    { blocks: [{ type: 'alert', text: plain(long(200)) }] },
    { blocks: [{ type: 'alert', text: plain(long(201)) }] },
    '/view/blocks/0/text/text',
  ],
];

describe('a modal may hold', () => {
  it.each(views)('%s and no more', (_, allowed, tooMuch, pointer) => {
    expect(inModal(allowed)).toBe('ok');
    expect(inModal(tooMuch)).toMatch(/^invalid_arguments \| /);
    expect(inModal(tooMuch)).toContain(pointer);
  });

  it('250,000 bytes and no more', () => {
    const blocks = many(90, () => section(long(3000)));
    expect(inModal({ blocks })).toBe('view_too_large');
  });

  it('inputs only with a submit button', () => {
    expect(inModal({ blocks: [input('a', 'A')], submit: undefined })).toContain('missing required field: submit');
  });

  it('no overflow in an input block, and one focus at most', () => {
    const overflow = { type: 'overflow', action_id: 'o', options: [option('a')] };
    expect(inModal({ blocks: [input('a', 'A', { element: overflow as never })] })).toContain(
      'unsupported type: overflow',
    );
    const focused = (id: string) =>
      input(id, id, { element: { type: 'plain_text_input', action_id: id, focus_on_load: true } });
    expect(inModal({ blocks: [focused('a')] })).toBe('ok');
    expect(inModal({ blocks: [focused('a'), focused('b')] })).toContain('focus_on_load');
  });
});
