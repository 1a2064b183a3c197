import { describe, expect, it } from '@jest/globals';
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { progressOf, type Rows } from '#methods/undo/progress.ts';
import type { Receipt, Step } from '#methods/undo/step.ts';
import { aContainer, aDeployment, aPod, aReplicaSet } from '#test/harness/rows.ts';

const step: Step = {
  environment: 'production',
  service: 'auth-service',
  workload: { name: 'auth-service', uid: 'uid-auth-service' },
  from: { version: 'v2', templateHash: 'hash-v2' },
  to: { version: 'v1', templateHash: 'hash-v1', replicaSet: { name: 'auth-service-v1', uid: 'uid-v1' } },
};
const receipt: Receipt = { templateHash: 'hash-v1', generation: 5 };
const exceeded = (lastUpdateTime: string) => ({
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  lastUpdateTime,
});

const deployment = (more: Partial<WorkloadRow> = {}): WorkloadRow =>
  aDeployment('v1', { generation: 5, observedGeneration: 5, revision: 5, ...more });
const target = (more: Partial<RevisionRow> = {}): RevisionRow =>
  aReplicaSet('v1', 5, { replicas: 3, readyReplicas: 3, availableReplicas: 3, ...more });
const rows = (more: Partial<Rows> = {}): Rows => ({
  deployment: deployment(),
  replicaSets: [target(), aReplicaSet('v2', 4)],
  pods: [aPod('v1')],
  ...more,
});
const state = (more: Partial<Rows>, made = receipt, sinceMs = 0): string =>
  progressOf(rows(more), step, made, sinceMs).state;

describe('done', () => {
  it('is when Deployment, status and ReplicaSet agree, with the new revision', () => {
    expect(progressOf(rows(), step, receipt, 0)).toEqual({ state: 'done', ready: 3, desired: 3, revision: 5 });
  });

  it('is at once when nothing is wanted', () => {
    const none = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
    const scaled = deployment({ replicas: 0, status: none });
    const empty = target({ replicas: 0, readyReplicas: 0, availableReplicas: 0 });
    expect(state({ deployment: scaled, replicaSets: [empty] })).toBe('done');
  });

  const counts = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
  it.each<[string, Partial<Rows>]>([
    ['the status is older than the last change', { deployment: deployment({ generation: 6 }) }],
    ['old pods are still there', { deployment: deployment({ status: { ...counts, replicas: 4 } }) }],
    ['not all pods are of the new version', { deployment: deployment({ status: { ...counts, updatedReplicas: 2 } }) }],
    ['a pod is not available', { deployment: deployment({ status: { ...counts, availableReplicas: 2 } }) }],
    ['the ReplicaSet does not agree', { replicaSets: [target({ availableReplicas: 2 })] }],
    ['the ReplicaSet is not known yet', { replicaSets: [] }],
    ['the two revision numbers differ', { deployment: deployment({ revision: 4 }) }],
  ])('is not while %s', (_why, more) => {
    expect(state(more)).toBe('progressing');
  });

  it('is what the older of two equal ReplicaSets tells, for that is the one the controller takes', () => {
    const copy = aReplicaSet('v1', 1, { uid: 'uid-copy', createdAt: '2026-11-23T02:00:00.000Z' });
    const planned = { ...step, to: { ...step.to, replicaSet: { name: 'copy', uid: 'uid-copy' } } };
    expect(progressOf(rows({ replicaSets: [copy, target()] }), planned, receipt, 0).state).toBe('done');
  });

  it('has no revision before both annotations agree on it', () => {
    expect(progressOf(rows({ deployment: deployment({ revision: 4 }) }), step, receipt, 0)).not.toHaveProperty(
      'revision',
    );
  });
});

describe('a view that is behind the patch', () => {
  it('says nothing about it', () => {
    const before = aDeployment('v2', { generation: 4, observedGeneration: 4, conditions: [exceeded('t1')] });
    expect(progressOf(rows({ deployment: before }), step, receipt, 0)).toEqual({
      state: 'progressing',
      ready: 0,
      desired: 3,
    });
  });
});

describe('superseded', () => {
  const by = [{ manager: 'kubectl-set' }];
  it.each<[string, Partial<Rows>, string]>([
    [
      'a newer version',
      { deployment: aDeployment('v9', { generation: 6, managers: by }) },
      'v9 was deployed by kubectl-set',
    ],
    ['the version that was left', { deployment: aDeployment('v2', { generation: 6 }) }, 'put back to v2'],
    [
      'other settings of the same version',
      { deployment: aDeployment('v1', { generation: 6, templateHash: 'x' }) },
      'the settings of v1 were changed',
    ],
    [
      'a Deployment created anew',
      { deployment: deployment({ uid: 'other' }) },
      'the Deployment was deleted and created anew',
    ],
    ['no Deployment', { deployment: undefined }, 'the Deployment was deleted'],
  ])('is told for %s', (_what, more, detail) => {
    expect(progressOf(rows(more), step, receipt, 0)).toMatchObject({ state: 'superseded', detail });
  });

  it('is not what a webhook makes of our own patch', () => {
    const rewritten = { ...receipt, templateHash: 'hash-webhook' };
    const more = {
      deployment: deployment({ templateHash: 'hash-webhook', revision: 6 }),
      replicaSets: [
        target({ uid: 'new', templateHash: 'hash-webhook', revision: 6, readyReplicas: 1, availableReplicas: 1 }),
      ],
    };
    expect(progressOf(rows(more), step, rewritten, 0)).toMatchObject({
      state: 'progressing',
      ready: 1,
      detail: 'an admission webhook changed the template',
    });
  });
});

describe('the progress deadline', () => {
  const unready = [target({ readyReplicas: 0, availableReplicas: 0 })];
  const late = (stamp: string) => ({ deployment: deployment({ conditions: [exceeded(stamp)] }), replicaSets: unready });
  const stale = { ...receipt, deadlineStamp: 't1' };
  it.each<[string, string, Receipt, number, string]>([
    ['counts when its stamp is new', 't2', stale, 0, 'failed'],
    ['counts when none stood before', 't1', receipt, 0, 'failed'],
    ['does not count while the stamp is the old one', 't1', stale, 599_000, 'progressing'],
    ['counts with the old stamp once it has passed on our own clock', 't1', stale, 600_000, 'failed'],
  ])('%s', (_rule, stamp, made, sinceMs, expected) => {
    expect(state(late(stamp), made, sinceMs)).toBe(expected);
  });
});

describe('what is told on the way', () => {
  const unready = [target({ readyReplicas: 1, availableReplicas: 1 })];
  it('names the pod that waits', () => {
    const stuck = aPod('v1', {
      ready: false,
      containers: [aContainer('v1', { waiting: { reason: 'ErrImagePull', message: 'not found' } })],
    });
    expect(progressOf(rows({ replicaSets: unready, pods: [stuck, aPod('v1')] }), step, receipt, 0)).toEqual({
      state: 'progressing',
      ready: 1,
      desired: 3,
      revision: 5,
      detail: 'pod …-7c9xk: image v1 not found',
    });
    expect(state({ replicaSets: unready, pods: [stuck] })).toBe('failed');
  });

  it('looks at no pod of the version that was left', () => {
    const broken = aPod('v2', {
      ready: false,
      containers: [aContainer('v2', { waiting: { reason: 'ErrImagePull', message: 'not found' } })],
    });
    expect(progressOf(rows({ replicaSets: unready, pods: [broken] }), step, receipt, 0)).not.toHaveProperty('detail');
  });

  it('says that somebody paused it', () => {
    const more = { deployment: deployment({ paused: true }), replicaSets: unready };
    expect(progressOf(rows(more), step, receipt, 0)).toMatchObject({ detail: 'its rollout was paused by somebody' });
  });
});
