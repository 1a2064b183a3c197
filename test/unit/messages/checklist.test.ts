import { describe, expect, it } from '@jest/globals';
import type { Checkboxes, KnownBlock } from '@slack/types';
import { encodeSeen, readSeen, ticksChanged } from '#messages/checklist.ts';
import { render } from '#messages/render.ts';
import type { CheckAnswer, Input } from '#rollback/spec.ts';
import { aMonitored, aRollback, at, inputs, maya } from '#test/harness/builders.ts';

const check = (item: string, answer: CheckAnswer, text?: string): Input => ({
  kind: 'check',
  by: maya,
  at: at('03:07'),
  item,
  answer,
  ...(text ? { text } : {}),
});
const blocksWith = (...list: Input[]): KnownBlock[] =>
  render(aRollback({ spec: { inputs: inputs(...list) }, status: aMonitored() })).find(({ key }) => key === 'checklist')!
    .blocks;

function boxes(blocks: KnownBlock[]): { id: string; element: Checkboxes } {
  const block = blocks.find((b) => b.type === 'actions' && b.elements[0]?.type === 'checkboxes');
  if (block?.type !== 'actions') throw new Error('no checkboxes');
  return { id: block.block_id ?? '', element: block.elements[0] as Checkboxes };
}

describe('the checklist', () => {
  it("shows the bot's own answer with its evidence, and what is next", () => {
    const blocks = blocksWith();
    expect(JSON.stringify(blocks[0])).toContain('Verification: 1 of 2 answered.');
    expect(JSON.stringify(blocks[0])).toContain('Next: `POST /v1/auth/login`');
    expect(boxes(blocks).element.initial_options).toMatchObject([
      { value: 'health', description: { text: 'bot: 1/1, 03:05 UTC' } },
    ]);
  });

  it('gets a new block_id after each answer, so that clients show it', () => {
    expect(boxes(blocksWith()).id).toBe('checks:r0.0:0b10');
    expect(boxes(blocksWith(check('login', 'pass'))).id).toBe('checks:r1.0:0b11');
  });

  it('tells a failed check and one that is not needed in words', () => {
    expect(JSON.stringify(blocksWith(check('login', 'fail', 'answers 500')))).toContain(
      '*FAILED* `POST /v1/auth/login` succeeds with valid credentials (Maya Chen, 03:07 UTC): answers 500',
    );
    expect(JSON.stringify(blocksWith(check('login', 'not-needed')))).toContain('Not needed: `POST /v1/auth/login`');
  });

  it('keeps its answers and takes no more once it is resolved', () => {
    const closed = render(
      aRollback({
        spec: { inputs: inputs(check('login', 'pass')) },
        status: aMonitored({ phase: 'Resolved', endedAt: at('03:20') }),
      }),
    );
    const { blocks } = closed.find(({ key }) => key === 'checklist')!;
    expect(blocks.some((b) => b.type === 'actions')).toBe(false);
    expect(JSON.stringify(blocks)).toContain('(Maya Chen, 03:07 UTC)');
  });
});

describe('what a person ticked', () => {
  const ids = ['health', 'login', 'products'];

  it('is what differs from what that person saw, not the whole set', () => {
    const seen = encodeSeen(7, 0, [true, false, false]);
    expect([...ticksChanged(ids, seen, ['health', 'products'])]).toEqual([['products', true]]);
    expect([...ticksChanged(ids, seen, [])]).toEqual([['health', false]]);
  });

  it('does not undo what somebody else ticked meanwhile', () => {
    // Both saw nothing ticked; the other one has ticked login, this one ticks products.
    expect([...ticksChanged(ids, encodeSeen(0, 0, [false, false, false]), ['products'])]).toEqual([['products', true]]);
  });

  it('is nothing for a block that is not ours', () => {
    expect(readSeen('actions:1')).toBeUndefined();
    expect(ticksChanged(ids, 'actions:1', ['login']).size).toBe(0);
  });
});
