import { describe, expect, it } from '@jest/globals';
import { withReturned } from '#controller/passes/come-back.ts';
import { aMonitored, aPlan, aPlannedService, aRollback, aTarget, at } from '#test/harness/builders.ts';
import { linesOf } from '#test/harness/message-text.ts';

const failed = aMonitored({
  phase: 'Failed',
  plan: aPlan({ services: [aPlannedService(), aPlannedService('content')] }),
  targets: [
    aTarget('auth-service', { state: 'NotBack', ready: 1, desired: 3, detail: 'image not found' }),
    aTarget('content', { state: 'NotBack', ready: 0, desired: 2 }),
  ],
});
const back = [{ service: 'auth-service', ready: 4, desired: 4 }];

describe('pods that come after the word FAILED', () => {
  const next = withReturned(failed, back, at('03:30'));

  it('leave what the outcome told of its own moment, counts and detail together', () => {
    const told = (status: typeof failed) => linesOf(aRollback({ status }), 'outcome')[1];
    expect(told(next)).toBe(told(failed));
    expect(told(next)).toContain('1 of 3 pods ready (image not found)');
  });

  it('are told with their own counts in the timeline, and by when in the status line', () => {
    expect(next.timeline.at(-1)?.text).toContain('auth-service v1.4.2, 4 of 4 pods ready');
    expect(next.targets.map(({ returnedAt }) => returnedAt)).toEqual([at('03:30'), undefined]);
  });

  it('are no change where none came', () => {
    expect(withReturned(failed, [], at('03:30'))).toBe(failed);
  });
});
