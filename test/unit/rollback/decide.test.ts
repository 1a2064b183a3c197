import { describe, expect, it } from '@jest/globals';
import { decide, isRollingBack, type Observed } from '#rollback/decide.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { aMonitored, aRollback, aStatus, aTarget, at, inputs, maya, tom } from '#test/harness/builders.ts';

const nothingElse: Observed = { slackAgrees: false };
const request = (name: 'cancel' | 'resolve' | 'watch-longer', time: string): Input => ({
  kind: 'request',
  by: tom,
  at: at(time),
  request: name,
});
const answer = (item: string, given: 'pass' | 'fail', time = '03:06'): Input => ({
  kind: 'check',
  by: maya,
  at: at(time),
  item,
  answer: given,
});
const needsPerson = {
  type: 'NeedsPerson' as const,
  status: 'True' as const,
  reason: 'CheckFailed',
  message: '',
  lastTransitionTime: at('03:06'),
};

/** Monitored, and looked at half a minute before `time`. */
function watched(more: Partial<RollbackStatus> = {}, time = '03:20'): RollbackStatus {
  const verification = { at: new Date(Date.parse(at(time)) - 30_000).toISOString(), health: [] };
  const health = aMonitored().verification?.health ?? [];
  return aMonitored({ verification: { ...verification, health }, ...more });
}

function next(rollback: Rollback, time: string, observed = nothingElse): object {
  return decide(rollback, observed, Date.parse(at(time)));
}

describe('decide', () => {
  it.each<[string, Rollback, string, object]>([
    ['begins what has no status', aRollback({ status: null }), '03:03', { do: 'begin' }],
    [
      'cancels what was cancelled before it began',
      aRollback({ status: null, spec: { inputs: inputs(request('cancel', '03:03')) } }),
      '03:03',
      { do: 'cancel', by: tom },
    ],
    [
      'does not cancel what is patched',
      aRollback({ spec: { inputs: inputs(request('cancel', '03:03')) } }),
      '03:04',
      { do: 'observe' },
    ],
    [
      'rolls back while a target waits',
      aRollback({ status: aStatus({ targets: [aTarget('a', { state: 'Waiting' }), aTarget('b')] }) }),
      '03:04',
      { do: 'roll-back' },
    ],
    ['observes while a target is patched', aRollback(), '03:04', { do: 'observe' }],
    [
      'verifies once every target is settled',
      aRollback({ status: aStatus({ targets: [aTarget(), aTarget('b', { state: 'NotBack' })] }) }),
      '03:05',
      { do: 'verify' },
    ],
    ['monitors for the period', aRollback({ status: aMonitored() }), '03:19', { do: 'monitor' }],
    ['asks when the period is over and a check is open', aRollback({ status: watched() }), '03:20', { do: 'ask' }],
    [
      'looks before the last word when nobody looked for a while',
      aRollback({ status: aMonitored(), spec: { inputs: inputs(answer('login', 'pass')) } }),
      '03:20',
      { do: 'monitor' },
    ],
    ['asks once', aRollback({ status: aMonitored({ askedAt: at('03:20') }) }), '03:30', { do: 'monitor' }],
    [
      'resolves by itself when every check is answered and none failed',
      aRollback({ status: watched(), spec: { inputs: inputs(answer('login', 'pass')) } }),
      '03:20',
      { do: 'resolve' },
    ],
    [
      'resolves by itself after the question too',
      aRollback({
        status: watched({ askedAt: at('03:20') }, '03:26'),
        spec: { inputs: inputs(answer('login', 'pass', '03:25')) },
      }),
      '03:26',
      { do: 'resolve' },
    ],
    [
      'asks when a check failed',
      aRollback({
        status: watched({ conditions: [needsPerson] }),
        spec: { inputs: inputs(answer('login', 'fail')) },
      }),
      '03:20',
      { do: 'ask' },
    ],
    [
      'does not resolve by itself while something needs a person',
      aRollback({
        status: watched({ conditions: [needsPerson] }),
        spec: { inputs: inputs(answer('login', 'pass')) },
      }),
      '03:20',
      { do: 'ask' },
    ],
    [
      'resolves when a person says so',
      aRollback({ status: aMonitored(), spec: { inputs: inputs(request('resolve', '03:07')) } }),
      '03:08',
      { do: 'resolve', by: tom },
    ],
    [
      'keeps verifying while health fails',
      aRollback({ status: aMonitored({ phase: 'Verifying' }) }),
      '03:06',
      { do: 'verify' },
    ],
    [
      'does nothing more with what is settled',
      aRollback({ status: aMonitored({ phase: 'Resolved', conditions: [{ ...needsPerson, type: 'Settled' }] }) }),
      '04:00',
      { do: 'nothing' },
    ],
  ])('%s', (_name, rollback, time, action) => {
    expect(next(rollback, time)).toEqual(action);
  });

  it('is superseded by a newer rollback while monitored, not before', () => {
    const newer = { slackAgrees: false, newer: 'auth-service-newer' };
    expect(next(aRollback({ status: aMonitored() }), '03:10', newer)).toEqual({
      do: 'supersede',
      by: 'auth-service-newer',
    });
    expect(next(aRollback(), '03:04', newer)).toEqual({ do: 'observe' });
  });

  it('settles an ended rollback only when Slack shows what it should', () => {
    const ended = aRollback({ status: aMonitored({ phase: 'Resolved' }) });
    expect(next(ended, '03:21')).toEqual({ do: 'nothing' });
    expect(next(ended, '03:21', { slackAgrees: true })).toEqual({ do: 'settle' });
  });
});

describe('a failed rollback', () => {
  const failed = (target = {}, status = {}) =>
    aRollback({
      status: aMonitored({
        phase: 'Failed',
        targets: [aTarget('auth-service', { state: 'NotBack', ...target })],
        ...status,
      }),
    });
  const told = { slackAgrees: true };

  it.each([
    ['is looked at for as long as a good one, for pods may still come', failed(), '03:19', told, 'come-back'],
    ['is told first', failed(), '03:06', nothingElse, 'nothing'],
    ['is settled after that', failed(), '03:20', told, 'settle'],
    ['is settled once everything came', failed({ returnedAt: at('03:10') }), '03:11', told, 'settle'],
    ['is settled when a newer one took over', failed(), '03:11', { ...told, newer: 'newer' }, 'settle'],
  ] as const)('%s', (_name, rollback, time, observed, action) => {
    expect(next(rollback, time, observed)).toEqual({ do: action });
  });
});

describe('isRollingBack', () => {
  it('holds until the outcome is known', () => {
    expect(isRollingBack(aRollback({ status: null }))).toBe(true);
    expect(isRollingBack(aRollback({ status: aStatus({ phase: 'Verifying' }) }))).toBe(true);
    expect(isRollingBack(aRollback({ status: aMonitored() }))).toBe(false);
  });
});
