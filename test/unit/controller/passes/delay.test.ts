import { describe, expect, it } from '@jest/globals';
import { withDelay, withoutDelay } from '#controller/passes/delay.ts';
import { aPlan, aStatus, at } from '#test/harness/builders.ts';

const silent = 'The API server of production does not answer.';
const pending = aStatus({ phase: 'Pending', targets: [] });
const waits = withDelay(pending, aPlan(), silent, at('03:05'));

describe('what cannot be begun yet', () => {
  it('is Pending and Stalled, with the cause in words and one entry in the timeline', () => {
    expect(waits.message).toBe(`Not begun yet, nothing was touched. ${silent}`);
    expect(waits.conditions).toEqual([
      { type: 'Stalled', status: 'True', reason: 'CannotPlan', message: silent, lastTransitionTime: at('03:05') },
    ]);
    expect(waits.timeline.map(({ text }) => text)).toEqual([waits.message]);
  });

  it('is not written again for the same cause, and is for another one', () => {
    expect(withDelay(waits, aPlan(), silent, at('03:06'))).toBe(waits);
    const other = withDelay(waits, aPlan(), 'Slack does not say who may roll back here.', at('03:07'));
    expect(other.timeline).toHaveLength(2);
    expect(other.conditions[0]).toMatchObject({ status: 'True', lastTransitionTime: at('03:05') });
  });

  it('is no longer stalled when it goes on; what never was stays as it is', () => {
    expect(withoutDelay(waits, at('03:08')).conditions).toMatchObject([{ type: 'Stalled', status: 'False' }]);
    expect(withoutDelay(pending, at('03:08'))).toBe(pending);
  });
});
