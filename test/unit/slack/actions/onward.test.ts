import { describe, expect, it } from '@jest/globals';
import { tooLateToCancel } from '#slack/actions/cancel.ts';
import { newPlanState, onwardState, retryState } from '#slack/actions/onward.ts';
import { aPlan, aPlannedService, aRollback, aStatus, aTarget, at } from '#test/harness/builders.ts';

const partial = aRollback({
  spec: { targets: [{ service: 'auth-service' }, { service: 'content-service' }] },
  status: aStatus({
    phase: 'Monitoring',
    plan: aPlan({ services: [aPlannedService(), aPlannedService('content-service')] }),
    targets: [aTarget(), aTarget('content-service', { state: 'NotBack', ready: 0 })],
  }),
});

describe('the way onward', () => {
  it('of an undo is what ran before, for every service that was patched', () => {
    expect(onwardState(partial, 'undo')).toMatchObject({
      environment: 'production',
      services: ['auth-service', 'content-service'],
      to: { 'auth-service': '4', 'content-service': '4' },
      parent: { name: 'auth-service-1a2b3c', relation: 'undo' },
    });
  });
  it('of another try is what did not come back, to be chosen anew', () => {
    expect(onwardState(partial, 'retry')).toMatchObject({ services: ['content-service'], to: {} });
  });
  it('of a refused one is the same plan anew, to the versions that were asked for', () => {
    const spec = { targets: [{ service: 'auth-service', to: 'v1.4.1' }, { service: 'content-service' }] };
    expect(newPlanState(aRollback({ spec, status: aStatus({ phase: 'Refused', targets: [] }) }))).toMatchObject({
      services: ['auth-service', 'content-service'],
      to: { 'auth-service': 'v1.4.1' },
      parent: { relation: 'retry' },
    });
  });
  it('of the same once more is what was not touched, to the version that was asked for', () => {
    const spec = { targets: [{ service: 'auth-service' }, { service: 'content-service', to: '2' }] };
    const status = aStatus({ targets: [aTarget(), aTarget('content-service', { state: 'Refused' })] });
    expect(retryState(aRollback({ spec, status }))).toMatchObject({
      services: ['content-service'],
      to: { 'content-service': '2' },
      parent: { relation: 'retry' },
    });
  });
  it('of a button for one service is that service', () => {
    expect(onwardState(partial, 'further-back', 'auth-service').services).toEqual(['auth-service']);
  });
});

describe('cancel', () => {
  it('is too late when everything is patched, and says what', () => {
    expect(tooLateToCancel(partial)).toMatch(/Too late to cancel: auth-service, content-service are patched/);
  });
  it('is in time while something waits, and before the plan', () => {
    const waiting = aStatus({ targets: [aTarget(), aTarget('content-service', { state: 'Waiting' })] });
    delete waiting.targets[1]?.patchedAt;
    expect(tooLateToCancel(aRollback({ status: waiting }))).toBeUndefined();
    expect(tooLateToCancel(aRollback({ status: null }))).toBeUndefined();
  });
  it('says when it has ended', () => {
    const refused = aStatus({ phase: 'Refused', targets: [], endedAt: at('03:04') });
    expect(tooLateToCancel(aRollback({ status: refused }))).toMatch(/ended already \(Refused at 03:04 UTC\)/);
  });
});
