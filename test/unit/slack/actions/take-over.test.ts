import { describe, expect, it } from '@jest/globals';
import type { Person } from '#rollback/spec.ts';
import { tooLateToTakeOver } from '#slack/actions/take-over.ts';
import { aMonitored, aRollback, at } from '#test/harness/builders.ts';

const tom = { id: 'U0BACKEND', name: 'Tom <Okafor>' };
const ines = { id: 'U0LEAD', name: 'Inés Duarte' };

const takenBy = (person: Person) =>
  aRollback({
    spec: { inputs: { k: { kind: 'request', by: person, at: at('03:05'), request: 'take-over' } } },
    status: aMonitored(),
  });
const later = (ms: number): string => new Date(Date.parse(at('03:05')) + ms).toISOString();
const quicker =
  'Nothing was recorded: Tom &lt;Okafor&gt; was quicker and holds this rollback already. Press again to take it over from there.';

describe('taking over', () => {
  it('may be done by anybody while only the starter holds it', () => {
    expect(tooLateToTakeOver(aRollback({ status: aMonitored() }), { person: tom, at: at('03:05') })).toBeUndefined();
  });

  it.each([
    ['in the same instant', 0, quicker],
    ['before anybody can have read who did', 4_000, quicker],
    ['with a press that was sooner and arrives later', -60_000, quicker],
    ['knowing who holds it', 6_000, undefined],
  ])('after somebody else, %s', (_when, ms, words) => {
    expect(tooLateToTakeOver(takenBy(tom), { person: ines, at: later(ms) })).toBe(words);
  });

  it('says to whoever presses again that nothing is left to do', () => {
    expect(tooLateToTakeOver(takenBy(tom), { person: tom, at: later(0) })).toBe('You hold this rollback already.');
  });

  it('is over with the rollback', () => {
    const ended = aRollback({ status: aMonitored({ phase: 'Resolved', endedAt: at('03:20') }) });
    expect(tooLateToTakeOver(ended, { person: tom, at: at('03:21') })).toMatch(/has ended already/);
  });
});
