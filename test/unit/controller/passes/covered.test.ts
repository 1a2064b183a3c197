import { describe, expect, it } from '@jest/globals';
import { contested, coveredBy, supersededBy } from '#controller/passes/covered.ts';
import { aMonitored, aRollback, aStatus, aTarget, at } from '#test/harness/builders.ts';

describe('a newer rollback', () => {
  const older = aRollback({ status: aMonitored({ targets: [aTarget('a'), aTarget('b')] }) });
  const newer = (service: string, phase: 'RollingBack' | 'Refused' = 'RollingBack') =>
    aRollback({
      name: 'newer',
      createdAt: at('03:10'),
      status: aStatus({ phase, startedAt: at('03:10:00'), targets: [aTarget(service, { state: 'Patched' })] }),
    });

  it('takes over the services it touches, and the whole when none is left', () => {
    const one = coveredBy(older, [older, newer('a')]);
    expect([...one]).toEqual([['a', 'newer']]);
    expect(supersededBy(older, one)).toBeUndefined();
    expect(
      supersededBy(
        older,
        new Map([
          ['a', 'newer'],
          ['b', 'newer'],
        ]),
      ),
    ).toBe('newer');
  });

  it('is the one that began later, also when both were created in one second', () => {
    const inOneSecond = { createdAt: at('03:03') };
    const first = aRollback({ name: 'z-first', ...inOneSecond, status: aMonitored({ startedAt: at('03:03:01') }) });
    const later = aRollback({ name: 'a-later', ...inOneSecond, status: aStatus({ startedAt: at('03:03:02') }) });
    expect(coveredBy(first, [first, later]).get('auth-service')).toBe('a-later');
    expect(coveredBy(later, [first, later]).size).toBe(0);
  });

  it('takes over nothing before it has patched it: it may be refused yet', () => {
    const targets = [aTarget('a', { state: 'Waiting' }), aTarget('b', { state: 'Refused' })];
    const status = aStatus({ startedAt: at('03:10:00'), targets });
    const waits = aRollback({ name: 'newer', createdAt: at('03:10'), status });
    expect(coveredBy(older, [older, waits]).size).toBe(0);
    expect([...contested(older, [older, waits])]).toEqual(['a']);
    expect(contested(waits, [older, waits]).size).toBe(0);
  });

  it('takes over nothing when it was refused, or is the older one', () => {
    expect(coveredBy(older, [older, newer('a', 'Refused')]).size).toBe(0);
    expect(coveredBy(newer('a'), [older, newer('a')]).size).toBe(0);
  });
});
