import { describe, expect, it } from '@jest/globals';
import type { Checkboxes } from '@slack/types';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import { aMonitored, anAnswer, aPlan, aRollback, at, inputs, tom } from '#test/harness/builders.ts';
import { buttonsOf, linesOf, slotKeys, slotOf } from '#test/harness/message-text.ts';

const withAnswers = (...list: Input[]): Rollback =>
  aRollback({ spec: { inputs: inputs(...list) }, status: aMonitored() });

function boxes(rollback: Rollback): { id: string; element: Checkboxes }[] {
  return slotOf(rollback, 'checklist').blocks.flatMap((block) => {
    const [element] = block.type === 'actions' ? block.elements : [];
    return block.type === 'actions' && element?.type === 'checkboxes' ? [{ id: block.block_id ?? '', element }] : [];
  });
}

const ticked = (rollback: Rollback): (string | undefined)[] =>
  boxes(rollback).flatMap(({ element }) => (element.initial_options ?? []).map((o) => o.description?.text));

describe('the checklist', () => {
  it("shows the bot's own answer with its evidence, and what is next", () => {
    expect(linesOf(withAnswers(), 'checklist')).toEqual([
      '*Verification: 1 of 2 answered (1 by the bot).*',
      'Next: `POST /v1/auth/login` succeeds with valid credentials',
    ]);
    expect(ticked(withAnswers())).toEqual(['bot: 1/1, 03:05 UTC']);
    expect(buttonsOf(withAnswers(), 'checklist')).toEqual(['A check failed…', 'Not needed…']);
  });

  it('shows who ticked what and when', () => {
    expect(ticked(withAnswers(anAnswer('login', 'pass', undefined, tom)))).toEqual([
      'bot: 1/1, 03:05 UTC',
      'Tom Okafor, 03:07 UTC',
    ]);
  });

  it('gets a new block_id after each answer, so that clients show it', () => {
    const [before] = boxes(withAnswers());
    const [after] = boxes(withAnswers(anAnswer('login', 'pass')));
    expect([before?.id, after?.id]).toEqual(['checks:r0.0:0b10', 'checks:r1.0:0b11']);
  });

  it('tells a failed check and one that is not needed in words, and takes the box of the latter away', () => {
    const failed = withAnswers(anAnswer('login', 'fail', 'answers 500'));
    expect(linesOf(failed, 'checklist')).toEqual([
      '*Verification: 2 of 2 answered (1 by the bot), 1 FAILED.*',
      ':x: *FAILED:* `POST /v1/auth/login` succeeds with valid credentials (Maya Chen, 03:07 UTC): answers 500',
    ]);
    const unneeded = withAnswers(anAnswer('login', 'not-needed'));
    expect(linesOf(unneeded, 'checklist').at(-1)).toBe(
      'Not needed: `POST /v1/auth/login` succeeds with valid credentials (Maya Chen, 03:07 UTC)',
    );
    expect(boxes(unneeded)[0]?.element.options.map(({ value }) => value)).toEqual(['health']);
  });

  it('shows an answer that was taken back as open', () => {
    const back = withAnswers(anAnswer('login', 'pass'), { ...anAnswer('login', 'open'), at: at('03:09') });
    expect(linesOf(back, 'checklist')[0]).toBe('*Verification: 1 of 2 answered (1 by the bot).*');
  });

  it('links where to look, the next one first; more than ten checks are several groups', () => {
    const item = (i: number) => ({
      id: `c${i}`,
      text: `Check ${i}`,
      answeredBy: 'person' as const,
      link: `https://grafana.test/d/${i}?a=1&b=2`,
    });
    const plan = aPlan({ checklist: Array.from({ length: 12 }, (_v, i) => item(i)) });
    const rollback = aRollback({ status: aMonitored({ plan }) });
    const lines = linesOf(rollback, 'checklist');
    expect(lines[1]).toBe('Next: Check 0 <https://grafana.test/d/0?a=1&amp;b=2|Open>');
    expect(lines.at(-1)).toMatch(/^Where to look: <https:\/\/grafana.test\/d\/1\?a=1&amp;b=2\|Check 1> · </);
    expect(boxes(rollback).map(({ element }) => element.options.length)).toEqual([10, 2]);
  });

  it('keeps its answers and takes no more once it is resolved', () => {
    const closed = aRollback({
      spec: { inputs: inputs(anAnswer('login', 'pass')) },
      status: aMonitored({ phase: 'Resolved', endedAt: at('03:20') }),
    });
    expect(linesOf(closed, 'checklist')).toEqual([
      '*Verification: 2 of 2 answered (1 by the bot).*',
      ':white_check_mark: Done: `GET /health` returns 200 for all services (bot, 03:05 UTC): 1/1',
      ':white_check_mark: Done: `POST /v1/auth/login` succeeds with valid credentials (Maya Chen, 03:07 UTC)',
      'This rollback is closed. The answers stay as they are.',
    ]);
    expect(boxes(closed)).toEqual([]);
  });

  it('is not there before the outcome', () => {
    expect(slotKeys(aRollback())).not.toContain('checklist');
  });
});
