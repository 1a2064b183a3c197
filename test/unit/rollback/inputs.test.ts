import { describe, expect, it } from '@jest/globals';
import { allAnsweredWell, checklistAnswers, holder, requests } from '#rollback/inputs.ts';
import type { ChecklistItem } from '#rollback/plan.ts';
import type { CheckAnswer, Input } from '#rollback/spec.ts';
import { aPlan, aRollback, at, inputs, maya, tom } from '#test/harness/builders.ts';

const [health, login] = aPlan().checklist as [ChecklistItem, ChecklistItem];
const check = (item: string, answer: CheckAnswer, time: string, by = maya): Input => ({
  kind: 'check',
  by,
  at: at(time),
  item,
  answer,
});
const specWith = (...list: Input[]) => aRollback({ spec: { inputs: inputs(...list) } }).spec;

describe('inputs', () => {
  it('are ordered by the time of the action, whatever their keys', () => {
    const spec = specWith(
      { kind: 'request', by: tom, at: at('03:09'), request: 'take-over' },
      { kind: 'request', by: maya, at: at('03:05'), request: 'take-over' },
    );
    expect(requests(spec, 'take-over').map(({ by }) => by.name)).toEqual(['Maya Chen', 'Tom Okafor']);
    expect(holder(spec)).toEqual(tom);
  });

  it('leave the starter as the holder until somebody takes over', () => {
    expect(holder(specWith())).toMatchObject(maya);
  });
});

describe('the checklist', () => {
  it('counts the last answer of two people, and keeps who gave it', () => {
    const spec = specWith(check('login', 'pass', '03:06', tom), check('login', 'fail', '03:07'));
    expect(checklistAnswers([login], spec)).toEqual([{ item: login, answer: 'fail', by: maya, at: at('03:07') }]);
  });

  it('is open again when an answer is taken back', () => {
    const spec = specWith(check('login', 'pass', '03:06'), check('login', 'open', '03:07'));
    expect(checklistAnswers([login], spec)[0]?.answer).toBe('open');
  });

  it.each([
    ['pass, when every service answers', ['pass', 'pass'], 'pass', '2/2'],
    ['open, when one is unknown: unknown is never pass', ['pass', 'unknown'], 'open', '1/2'],
    ['fail, when one fails', ['pass', 'fail'], 'fail', 'b: GET /b answered 503'],
  ] as const)('answers health by itself: %s', (_name, results, answer, text) => {
    const services = ['a', 'b'].map((service, i) => ({
      service,
      result: results[i]!,
      evidence: `GET /${service} answered 503`,
    }));
    const [given] = checklistAnswers([health], specWith(), { at: at('03:05'), health: services });
    expect(given).toMatchObject({ answer, text, byBot: true });
  });

  it("lets a person's answer count before the bot's", () => {
    const spec = specWith(check('health', 'fail', '03:08'));
    const passing = { at: at('03:09'), health: [{ service: 'a', result: 'pass' as const, evidence: '' }] };
    expect(checklistAnswers([health], spec, passing)[0]).toMatchObject({ answer: 'fail', by: maya });
  });

  it('is answered well when nothing is open and nothing failed', () => {
    const both = specWith(check('health', 'pass', '03:06'), check('login', 'not-needed', '03:06'));
    expect(allAnsweredWell(checklistAnswers([health, login], both))).toBe(true);
    expect(allAnsweredWell(checklistAnswers([health, login], specWith(check('login', 'pass', '03:06'))))).toBe(false);
  });
});
