import { describe, expect, it } from '@jest/globals';
import type { Person } from '#rollback/spec.ts';
import { tooLateToTakeOver } from '#slack/actions/take-over.ts';
import { aMonitored, aRollback, at, maya } from '#test/harness/builders.ts';

const tom = { id: 'U0BACKEND', name: 'Tom <Okafor>' };
const ines = { id: 'U0LEAD', name: 'Inés Duarte' };

const takenBy = (person: Person) =>
  aRollback({
    spec: { inputs: { k: { kind: 'request', by: person, at: at('03:05'), request: 'take-over' } } },
    status: aMonitored(),
  });
/** The button as it stood on a message that named this holder. */
const on = (holder?: Person) =>
  JSON.stringify({ rollback: 'auth-service-1', ...(holder === undefined ? {} : { holder: holder.id }) });
const later = (ms: number): string => new Date(Date.parse(at('03:05')) + ms).toISOString();
const quicker =
  'Nothing was recorded: Tom &lt;Okafor&gt; was quicker and holds this rollback already. Press again to take it over from there.';

describe('taking over', () => {
  it('may be done by anybody while only the starter holds it', () => {
    const press = { person: tom, at: at('03:05'), value: on(maya) };
    expect(tooLateToTakeOver(aRollback({ status: aMonitored() }), press)).toBeUndefined();
  });

  it.each([
    ['in the same instant', 0, on(maya), quicker],
    ['before anybody can have read who did', 9_000, on(maya), quicker],
    ['with a press that was sooner and arrives later', -60_000, on(maya), quicker],
    ['on a message of an older version', 4_000, on(), quicker],
    ['that says so at once', 1_000, on(tom), undefined],
    ['that still does not say so after a while', 11_000, on(maya), undefined],
  ])('after somebody else, %s', (_when, ms, value, words) => {
    expect(tooLateToTakeOver(takenBy(tom), { person: ines, at: later(ms), value })).toBe(words);
  });

  it('says to whoever presses again that nothing is left to do', () => {
    expect(tooLateToTakeOver(takenBy(tom), { person: tom, at: later(0), value: on(tom) })).toBe(
      'You hold this rollback already.',
    );
  });

  it('is over with the rollback', () => {
    const ended = aRollback({ status: aMonitored({ phase: 'Resolved', endedAt: at('03:20') }) });
    expect(tooLateToTakeOver(ended, { person: tom, at: at('03:21'), value: on(maya) })).toMatch(/has ended already/);
  });
});
