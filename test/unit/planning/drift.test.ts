import { describe, expect, it } from '@jest/globals';
import { driftOf } from '#planning/drift.ts';
import { aMonitored, aPlannedService, aPlan, aRollback, aVersion, at } from '#test/harness/builders.ts';
import { aDeployment, aReplicaSet, imageOf } from '#test/harness/rows.ts';

const expected = { from: 'hash-v1.4.3', to: 'uid-v1.4.2' };
const shown = [aReplicaSet('v1.4.3', 4), aReplicaSet('v1.4.2', 3)];
const where = { environment: 'production', namespace: 'lomash-wood' };
const question = {
  service: 'auth-service',
  rollbacks: [],
  deployment: aDeployment('v1.4.3'),
  replicaSets: shown,
  expected,
  isChosen: true,
  where,
  nowMs: Date.parse(at('03:04')),
};

describe('what was shown is what is done', () => {
  it('holds while nothing moved', () => {
    expect(driftOf(question)).toBeUndefined();
  });

  it('holds after scaling and annotating, which leave the template alone', () => {
    const deployment = aDeployment('v1.4.3', { replicas: 7, generation: 9, annotations: { note: 'seen' } });
    expect(driftOf({ ...question, deployment })).toBeUndefined();
  });

  it('names the version that was deployed meanwhile, and when', () => {
    const replicaSets = [aReplicaSet('v1.4.4', 5, { createdAt: at('03:02') }), ...shown];
    expect(driftOf({ ...question, deployment: aDeployment('v1.4.4'), replicaSets })).toEqual({
      reason: 'ChangedSinceShown',
      message: 'v1.4.4 was deployed at 03:02 UTC, after you opened the form.',
      command: 'kubectl rollout history deployment/auth-service -n lomash-wood',
    });
  });

  it('tells no time that it does not know: the version came back by an undo', () => {
    for (const back of [aReplicaSet('v1.4.2', 5, { formerRevisions: [3] }), aReplicaSet('v1.4.2', 3)]) {
      const replicaSets = [shown[0]!, back];
      expect(driftOf({ ...question, deployment: aDeployment('v1.4.2'), replicaSets })?.message).toBe(
        'v1.4.2 was deployed, after you opened the form.',
      );
    }
  });

  it('names the rollback that made this very change', () => {
    const replicaSets = [shown[0]!, aReplicaSet('v1.4.2', 5, { formerRevisions: [3] })];
    const workload = { kind: 'Deployment' as const, name: 'auth-service', uid: aDeployment('v1.4.2').uid };
    const rollbackFrom = (version: string) => {
      const planned = aPlannedService('auth-service', { workload, from: aVersion(version) });
      return aRollback({ status: aMonitored({ plan: aPlan({ services: [planned] }) }) });
    };
    const told = (version: string) =>
      driftOf({
        ...question,
        deployment: aDeployment('v1.4.2'),
        replicaSets,
        rollbacks: [rollbackFrom(version)],
      })?.message;
    expect(told('v1.4.3')).toBe(
      'v1.4.2 was brought back by rollback auth-service-1a2b3c of Maya Chen, after you opened the form.',
    );
    expect(told('v1.4.1')).toBe('v1.4.2 was deployed, after you opened the form.');
  });

  it('says that settings changed when the image stayed', () => {
    const images = { 'auth-service': imageOf('v1.4.3') };
    const deployment = aDeployment('v1.4.3', { templateHash: 'hash-other', images });
    const changed = aReplicaSet('v1.4.3', 5, { templateHash: 'hash-other', createdAt: at('03:02') });
    expect(driftOf({ ...question, deployment, replicaSets: [changed, ...shown] })?.message).toBe(
      'The settings of v1.4.3 were changed at 03:02 UTC, after you opened the form.',
    );
  });

  it.each([
    ['chosen', true, 'The version you chose is no longer in the history of the cluster. Choose another one.'],
    [
      'proposed',
      false,
      'The version that was proposed to you is no longer in the history of the cluster. Make a new plan.',
    ],
  ])('refuses when the version that was %s is gone from the history', (_how, isChosen, message) => {
    expect(driftOf({ ...question, isChosen, replicaSets: [shown[0]!] })).toMatchObject({
      reason: 'VersionGone',
      message,
    });
  });

  it('misses no version where none was shown', () => {
    expect(driftOf({ ...question, expected: { ...expected, to: '' } })).toBeUndefined();
  });
});
