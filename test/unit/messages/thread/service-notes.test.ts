import { describe, expect, it } from '@jest/globals';
import { aMonitored, aPlan, aPlannedService, aRollback, aStatus, aTarget } from '#test/harness/builders.ts';
import { linesOf, slotKeys, slotOf } from '#test/harness/message-text.ts';

describe("the runbook's notes for a service", () => {
  const plan = aPlan({ services: [aPlannedService('auth-service', { notes: ['Follow auth-failure.md'] })] });

  it('are told in the thread with the outcome', () => {
    const rollback = aRollback({ status: aMonitored({ plan }) });
    expect(linesOf(rollback, 'service-notes')).toEqual([
      '*From the runbook, for these services:*',
      '• auth-service: Follow auth-failure.md',
    ]);
    expect(slotOf(rollback, 'service-notes').thread).toBe('root');
  });

  it('are told neither before it nor for what was not touched', () => {
    expect(slotKeys(aRollback({ status: aStatus({ plan }) }))).not.toContain('service-notes');
    const targets = [aTarget('auth-service', { state: 'Refused' }), aTarget('other')];
    expect(slotKeys(aRollback({ status: aMonitored({ plan, targets }) }))).not.toContain('service-notes');
  });
});
