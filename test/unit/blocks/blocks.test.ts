import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { KnownBlock } from '@slack/types';
import { actions, context, divider, MESSAGE_BLOCKS_MAX, section, sections } from '#blocks/blocks.ts';
import { button, checkboxes, confirmation, option } from '#blocks/elements.ts';
import { lengthOf, preformatted } from '#blocks/escape.ts';
import { fit, MESSAGE_BLOCK_TEXT_MAX } from '#blocks/fit.ts';
import { blockOn } from '#playground/slack/block-rules.ts';
import { nasty } from '#test/harness/any-rollback.ts';

function objections(blocks: readonly KnownBlock[]): unknown[] {
  const found: unknown[] = [];
  blocks.forEach((block, i) => blockOn.message(block, `/${i}`, (objection) => found.push(objection)));
  return found;
}

describe('every builder', () => {
  it('makes what Slack takes, whatever text goes in', () => {
    fc.assert(
      fc.property(nasty, nasty, fc.array(nasty, { minLength: 1, maxLength: 40 }), (a, b, many) => {
        const pressed = button({ id: 'a.b', text: a, value: 'v', label: b, confirm: confirmation(a, b, a) });
        const boxes = checkboxes(
          'a.c',
          many.map((text, i) => ({ text, value: `v${i}`, checked: i % 2 === 0, description: b })),
        );
        const blocks = [
          section(a, { type: 'overflow', action_id: 'a.o', options: [option(a, 'x', b), option(b, 'y')] }),
          ...sections(many),
          context(...many),
          context(),
          divider,
          ...actions('id', [pressed, boxes]),
          ...actions(
            a,
            Array.from({ length: 30 }, () => pressed),
          ).filter(() => a !== ''),
        ];
        expect(objections(blocks)).toEqual([]);
      }),
    );
  });

  it('makes no empty row of actions', () => {
    expect(actions('id', [])).toEqual([]);
  });

  it('ticks the very options that are shown', () => {
    const boxes = checkboxes('a', [
      { text: 'one', value: '1', checked: false },
      { text: 'two', value: '2', checked: true, description: 'Maya' },
    ]);
    expect(boxes.initial_options).toEqual([boxes.options[1]]);
  });
});

describe('sections', () => {
  it('hold as many lines as Slack allows and tear none', () => {
    const lines = Array.from({ length: 10 }, (_v, i) => `${i}`.repeat(800));
    const texts = sections(lines).map(({ text }) => text?.text ?? '');
    expect(texts.map(lengthOf)).toEqual([2402, 2402, 2402, 800]);
    expect(texts.join('\n').split('\n')).toEqual(lines);
  });
});

describe('a whole message', () => {
  const buttons = actions('id', [button({ id: 'a', text: 'Take over' })]);
  const length = (blocks: KnownBlock[]): number =>
    blocks.reduce((sum, block) => sum + (block.type === 'section' ? lengthOf(block.text?.text ?? '') : 0), 0);

  it('that fits is left alone', () => {
    const blocks = [section('a'), ...buttons];
    expect(fit(blocks)).toEqual(blocks);
  });

  it('keeps its first words and its buttons when there is too much', () => {
    const blocks = [section('*first*'), ...Array.from({ length: 70 }, () => section('x'.repeat(2000))), ...buttons];
    const fitting = fit(blocks);
    expect(fitting.length).toBeLessThanOrEqual(MESSAGE_BLOCKS_MAX);
    expect(length(fitting)).toBeLessThanOrEqual(MESSAGE_BLOCK_TEXT_MAX);
    expect([fitting[0], fitting.at(-1)]).toEqual([blocks[0], blocks.at(-1)]);
  });

  it('closes the code that it cuts', () => {
    const [cutOff] = fit(Array.from({ length: 6 }, () => section(preformatted('x'.repeat(2900)))));
    expect(cutOff).toMatchObject({ text: { text: expect.stringMatching(/^```\nx+…\n```$/) } });
  });
});
