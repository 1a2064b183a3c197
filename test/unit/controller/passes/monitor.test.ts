import { describe, expect, it } from '@jest/globals';
import { mayEnd } from '#controller/passes/monitor.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { aMonitored, aRollback, aTarget, at, maya } from '#test/harness/builders.ts';

const atTheEnd = Date.parse(at('03:20'));
const monitored = aRollback({ status: aMonitored() });

function seeing(target: Parameters<typeof aTarget>[1]): RollbackStatus {
  return aMonitored({ targets: [aTarget('auth-service', target)] });
}

describe('the last look of a monitored rollback', () => {
  it('ends it where nothing moved', () => {
    expect(mayEnd(monitored, aMonitored(), undefined, atTheEnd)).toBe(true);
  });

  it('does not end it where its pods are missing again, unless a person says so', () => {
    const back = aRollback({ status: seeing({ state: 'Back', ready: 3, desired: 3 }) });
    const relapsed = seeing({ state: 'Back', ready: 0, desired: 3 });
    expect(mayEnd(back, relapsed, undefined, atTheEnd)).toBe(false);
    expect(mayEnd(back, relapsed, maya, atTheEnd)).toBe(true);
  });

  it('does not end it, whoever asks, where somebody deployed meanwhile', () => {
    expect(mayEnd(monitored, seeing({ state: 'Superseded' }), maya, atTheEnd)).toBe(false);
  });
});
