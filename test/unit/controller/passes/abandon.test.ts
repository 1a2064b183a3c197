import { describe, expect, it } from '@jest/globals';
import { abandoned } from '#controller/passes/abandon.ts';
import { decide } from '#rollback/decide.ts';
import { aCondition, aMonitored, aPlan, aRollback, aStatus, aTarget, at } from '#test/harness/builders.ts';
import type { RollbackStatus } from '#rollback/status.ts';

const messageOf = (status: RollbackStatus): string => abandoned(status, aPlan(), at('03:05')).message;
const patched = aTarget('a', { state: 'Patched', ready: 1 });
const waiting = aTarget('b', { state: 'Waiting' });

describe('a rollback that is deleted by hand', () => {
  it.each([
    ['before anything', aStatus({ phase: 'Pending', targets: [] }), 'Nothing was touched.'],
    ['with all still waiting', aStatus({ targets: [waiting] }), 'Nothing was touched.'],
    ['half way', aStatus({ targets: [patched, waiting] }), 'Patched, and not followed any more: a. Not touched: b.'],
    ['while monitored', aMonitored(), 'Back, and not watched any more: auth-service.'],
  ])('%s says what stays', (_when, status, stays) => {
    expect(messageOf(status)).toBe(`The Rollback was deleted by hand. ${stays}`);
  });

  it('ends, asks nobody anything any more, and tells it in the timeline', () => {
    const status = aStatus({ targets: [patched], conditions: [aCondition('NeedsPerson', 'PastEta')] });
    const end = abandoned(status, aPlan(), at('03:15'));
    expect(end).toMatchObject({ phase: 'Cancelled', endedAt: at('03:15') });
    expect(end.targets[0]).toMatchObject({ state: 'Unknown', ready: 1 });
    expect(end.conditions).toMatchObject([{ type: 'NeedsPerson', status: 'False' }]);
    expect(end.timeline.map(({ text }) => text)).toEqual([end.message]);
  });

  it('looks first whether what waits is patched already; ended, it is settled as any other', () => {
    const deleted = (status: RollbackStatus | null) => {
      const rollback = aRollback({ status });
      return { ...rollback, metadata: { ...rollback.metadata, deletionTimestamp: at('03:05') } };
    };
    const next = (status: RollbackStatus | null) => decide(deleted(status), { slackAgrees: true }, 0).do;
    expect(next(null)).toBe('abandon');
    expect(next(aStatus({ targets: [patched, waiting] }))).toBe('roll-back');
    expect(next(aStatus({ targets: [patched] }))).toBe('abandon');
    expect(next(aMonitored())).toBe('abandon');
    expect(next(aStatus({ phase: 'Cancelled' }))).toBe('settle');
  });
});
