import { describe, expect, it } from '@jest/globals';
import { opening, tooLate } from '#controller/passes/begin.ts';
import { afterAbsence } from '#controller/passes/monitor.ts';
import { needsPerson } from '#controller/passes/needs-person.ts';
import { afterProgress, changedFields, movedEta, withPatience } from '#controller/passes/observe.ts';
import { isTooLate } from '#controller/passes/roll-back.ts';
import { changesOf, elapsed } from '#controller/passes/timeline.ts';
import { afterOutcome, movedMonitoring, withOutcome } from '#controller/passes/verify.ts';
import type { Progress } from '#methods/method.ts';
import type { Input } from '#rollback/spec.ts';
import {
  aMonitored,
  aPlan,
  aPlannedService,
  aRollback,
  aStatus,
  aTarget,
  at,
  inputs,
  maya,
} from '#test/harness/builders.ts';

const noon = Date.parse(at('03:05'));
const blocked = { reason: 'NothingToGoBackTo', message: 'There is no earlier version.' };
const request = (name: 'wait-longer' | 'watch-longer' | 'leave', time: string): Input => ({
  kind: 'request',
  by: maya,
  at: at(time),
  request: name,
});

describe('opening', () => {
  it('writes plan and all intents at once, leaving out what cannot go', () => {
    const plan = aPlan({ services: [aPlannedService(), aPlannedService('content-service', { refused: blocked })] });
    const status = opening(
      aRollback({ status: null }),
      plan,
      new Map([['auth-service', [{ replicaSet: 'x' }]]]),
      7,
      at('03:03'),
    );
    expect(status).toMatchObject({ phase: 'RollingBack', epoch: 7, etaAt: at('03:13') });
    expect(status.steps).toEqual([
      { id: 'auth-service', service: 'auth-service', attempt: 1, intentAt: at('03:03'), step: { replicaSet: 'x' } },
    ]);
    expect(status.targets.map(({ state }) => state)).toEqual(['Waiting', 'Refused']);
  });

  it('refuses when no service can go, and says why for each', () => {
    const plan = aPlan({ services: [aPlannedService('auth-service', { refused: blocked })] });
    const status = opening(aRollback({ status: null }), plan, new Map(), 7, at('03:03'));
    expect(status).toMatchObject({
      phase: 'Refused',
      message: 'auth-service: There is no earlier version.',
      steps: [],
    });
  });

  it('leaves no intent in a dry run', () => {
    const status = opening(
      aRollback({ status: null, spec: { dryRun: true } }),
      aPlan(),
      new Map([['auth-service', [{}]]]),
      7,
      at('03:03'),
    );
    expect(status).toMatchObject({ phase: 'Resolved', steps: [] });
    expect(status.message).toContain('nothing was touched');
  });
});

describe('what nobody expects any more', () => {
  it('is not begun half an hour after it was asked for', () => {
    const asked = aRollback({ status: null, createdAt: at('03:03') });
    expect(tooLate(asked, Date.parse(at('03:30')))).toBeUndefined();
    expect(tooLate(asked, Date.parse(at('03:50')))?.message).toContain('asked for 47 minutes ago');
  });

  it('is not patched half an hour past its ETA, which "Wait 10 more minutes" moves', () => {
    const waited = { spec: { inputs: inputs(request('wait-longer', '03:20')) } };
    const isLate = (time: string, more = {}) => isTooLate(aRollback(more), Date.parse(at(time)));
    expect([isLate('03:43'), isLate('03:44'), isLate('03:44', waited), isLate('04:01', waited)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('a look at a target', () => {
  const progress = (state: Progress['state'], ready = 1): Progress => ({ state, ready, desired: 3 });
  it.each([
    ['patched and done', 'Patched', progress('done', 3), false, 'Back'],
    ['patched and on its way', 'Patched', progress('progressing'), false, 'Patched'],
    ['patched and long past its time', 'Patched', progress('progressing'), true, 'NotBack'],
    ['patched and its pods cannot run', 'Patched', progress('failed'), false, 'NotBack'],
    ['patched and changed by somebody else', 'Patched', progress('superseded'), false, 'Superseded'],
    ['not returned, and coming back after all', 'NotBack', progress('done', 3), true, 'Back'],
    ['returned, and losing a pod', 'Back', progress('progressing', 2), true, 'Back'],
    ['returned, and failing', 'Back', progress('failed', 0), false, 'Back'],
  ] as const)('%s', (_name, before, seen, isLate, after) => {
    const target = afterProgress(aTarget('auth-service', { state: before }), seen, at('03:06'), isLate);
    expect(target).toMatchObject({ state: after, ready: seen.ready });
  });

  it('why it was given up stays told when the next look has nothing to say', () => {
    const given = afterProgress(
      aTarget('auth-service', { state: 'Patched' }),
      progress('progressing', 0),
      at('03:44'),
      true,
    );
    expect(given.detail).toBe('not all pods became ready in time');
    expect(afterProgress(given, progress('progressing', 1), at('03:45'), true)).toMatchObject({
      state: 'NotBack',
      ready: 1,
      detail: 'not all pods became ready in time',
    });
    const crashing = { ...progress('progressing', 1), detail: 'pod …-7c9kx crashes' };
    expect(afterProgress(given, crashing, at('03:45'), true).detail).toBe('pod …-7c9kx crashes');
    expect(afterProgress(given, progress('done', 3), at('03:46'), true)).not.toHaveProperty('detail');
  });
});

describe('a passed deadline', () => {
  const passed: Progress = { state: 'failed', ready: 1, desired: 3, mayStillCome: true };
  it.each([
    ['before the ETA it is the last word', { hasWaited: false, etaAt: at('03:13') }, '03:05', 'failed'],
    ['unless somebody chose to wait', { hasWaited: true, etaAt: at('03:13') }, '03:05', 'progressing'],
    ['whoever is called has minutes to answer', { hasWaited: false, etaAt: at('03:03') }, '03:05', 'progressing'],
    ['and then it is the last word', { hasWaited: true, etaAt: at('03:03') }, '03:09', 'failed'],
  ] as const)('%s', (_name, patience, time, state) => {
    expect(withPatience(passed, patience, Date.parse(at(time))).state).toBe(state);
  });

  it('stuck pods are not waited for', () => {
    const { mayStillCome: _may, ...stuck } = passed;
    expect(withPatience(stuck, { hasWaited: true, etaAt: at('03:13') }, noon).state).toBe('failed');
  });
});

describe('the outcome', () => {
  const statusWith = (...targets: ReturnType<typeof aTarget>[]) => aStatus({ phase: 'Verifying', targets });
  const finished = (status: ReturnType<typeof aStatus>) =>
    afterOutcome(withOutcome(status, at('03:05')), at('03:05'), noon);

  it('is monitored for 15 minutes when everything returned', () => {
    expect(finished(statusWith(aTarget()))).toMatchObject({ phase: 'Monitoring', monitoringUntil: at('03:20') });
  });

  it('is degraded, named and monitored when some returned', () => {
    const status = finished(statusWith(aTarget(), aTarget('analytics-service', { state: 'NotBack' })));
    expect(status.phase).toBe('Monitoring');
    expect(status.message).toBe('1 of 2 returned; not returned: analytics-service');
    expect(status.conditions.map(({ type, status: s }) => `${type}=${s}`)).toEqual(['Complete=False', 'Degraded=True']);
  });

  it('is failed when nothing returned, superseded when somebody else deployed', () => {
    expect(finished(statusWith(aTarget('a', { state: 'NotBack' }))).phase).toBe('Failed');
    expect(finished(statusWith(aTarget('a', { state: 'Superseded' }))).phase).toBe('Superseded');
  });

  it('is failed, and says so, when it is not known whether a service was patched', () => {
    const status = finished(statusWith(aTarget('a', { state: 'Superseded' }), aTarget('b', { state: 'Unknown' })));
    expect(status).toMatchObject({
      phase: 'Failed',
      message: '0 of 2 returned; changed by somebody else: a; not known: b',
    });
  });

  it('is not monitored while a service that returned answers badly', () => {
    const verification = {
      at: at('03:05'),
      health: [{ service: 'auth-service', result: 'fail' as const, evidence: '500' }],
    };
    expect(finished(aStatus({ targets: [aTarget()], verification })).phase).toBe('Verifying');
  });
});

describe('what needs a person', () => {
  it.each([
    ['nothing, before the ETA', aRollback(), '03:12', undefined],
    ['pods, past the ETA', aRollback(), '03:13', 'PastEta'],
    [
      'a service that did not return',
      aRollback({ status: aMonitored({ targets: [aTarget(), aTarget('b', { state: 'NotBack' })] }) }),
      '03:06',
      'NotBack',
    ],
    [
      'a service of which nobody knows whether it was patched',
      aRollback({ status: aMonitored({ targets: [aTarget(), aTarget('b', { state: 'Unknown' })] }) }),
      '03:06',
      'NotBack',
    ],
    [
      'health of a service that returned',
      aRollback({
        status: aMonitored({
          verification: { at: at('03:05'), health: [{ service: 'auth-service', result: 'fail', evidence: '500' }] },
        }),
      }),
      '03:06',
      'HealthFailing',
    ],
    [
      'not the health of another service',
      aRollback({
        status: aMonitored({
          verification: { at: at('03:05'), health: [{ service: 'other', result: 'fail', evidence: '500' }] },
        }),
      }),
      '03:06',
      undefined,
    ],
    [
      'a failed check',
      aRollback({
        status: aMonitored(),
        spec: { inputs: inputs({ kind: 'check', by: maya, at: at('03:06'), item: 'login', answer: 'fail' }) },
      }),
      '03:07',
      'CheckFailed',
    ],
    [
      'pods lost while monitored',
      aRollback({ status: aMonitored({ targets: [aTarget('auth-service', { ready: 1 })] }) }),
      '03:07',
      'PodsNotReady',
    ],
  ])('is %s', (_name, rollback, time, reason) => {
    expect(needsPerson(rollback, rollback.status!, Date.parse(at(time)))?.reason).toBe(reason);
  });

  it('is no longer what somebody chose to leave', () => {
    const status = aMonitored({ targets: [aTarget(), aTarget('b', { state: 'NotBack' })] });
    const rollback = aRollback({ status, spec: { inputs: inputs(request('leave', '03:07')) } });
    expect(needsPerson(rollback, status, noon)).toBeUndefined();
  });
});

describe('times that people move', () => {
  it('are 10 minutes from the press of "Wait 10 more minutes"', () => {
    const rollback = aRollback({ spec: { inputs: inputs(request('wait-longer', '03:14')) } });
    expect(movedEta(rollback, rollback.status!)).toBe(at('03:24'));
  });

  it('are 15 minutes from the press of "Watch 15 more minutes", and the question is asked anew', () => {
    const status = aMonitored({ askedAt: at('03:20') });
    const rollback = aRollback({ status, spec: { inputs: inputs(request('watch-longer', '03:21')) } });
    expect(movedMonitoring(rollback, status)).toEqual({ monitoringUntil: at('03:36') });
  });
});

describe('a pass', () => {
  it('writes only the fields that changed, a field that is gone as undefined', () => {
    const status = aMonitored({ askedAt: at('03:20') });
    const { askedAt: _gone, ...next } = { ...status, message: 'new' };
    expect(changedFields(status, next)).toEqual({ message: 'new', askedAt: undefined });
  });

  it('tells nine services in one sentence', () => {
    const before = ['a', 'b'].map((s) => aTarget(s, { state: 'Patched' }));
    const after = ['a', 'b'].map((s) => aTarget(s));
    expect(changesOf(before, after, undefined)).toEqual([
      'Back: a its target, 3 of 3 pods ready after 1 min 29 s, b its target, 3 of 3 pods ready after 1 min 29 s.',
    ]);
  });

  it('tells time as people do', () => {
    expect([elapsed(at('03:00:00'), at('03:00:42')), elapsed(at('03:00'), at('03:01:52'))]).toEqual([
      '42 s',
      '1 min 52 s',
    ]);
  });
});

describe('a new leader of a monitored rollback', () => {
  const after = (time: string, more = {}) => afterAbsence(aMonitored(more), Date.parse(at(time)));

  it('lets the period end later by the time that nobody watched, and says so', () => {
    const changed = after('03:21');
    expect(changed.monitoringUntil).toBe(at('03:36'));
    expect(changed.timeline?.at(-1)?.text).toContain('away for 16 minutes');
  });

  it('takes over without a word when it was quick, or when the question was asked already', () => {
    expect(after('03:06')).toEqual({});
    expect(after('03:40', { askedAt: at('03:20') })).toEqual({});
  });
});
