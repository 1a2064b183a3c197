import { describe, expect, it } from '@jest/globals';
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import { freeing } from '#methods/controller-revisions/stuck-pod.ts';
import { Step } from '#methods/controller-revisions/step.ts';
import { crashing, history, pod, receipt, replacement, statefulSet, step } from './rows.ts';

const stuck = [pod(0), pod(1), pod(2, 'v2', crashing('v2'))];
const free = (seen: WorkloadHistory, sinceMs = 0) => freeing(seen, step, receipt, sinceMs);

describe('a pod that is stuck on the version left', () => {
  it('is to be deleted, and what the thread will say is known before', () => {
    const [further, ...more] = free(history(statefulSet(), stuck));
    expect(more).toEqual([]);
    expect(further).toEqual({
      id: 'auth-db-2-uid-pod-',
      byHand:
        'auth-db-2 is stuck on v2, and auth-db replaces no pod before it is ready. Delete it: kubectl delete pod auth-db-2 -n lomash-wood',
      bot: {
        effect: 'pod.delete',
        told: 'auth-db-2 was stuck on v2: deleted, so that it comes back as v1.',
        step: {
          ...step,
          do: 'delete-pod',
          pod: { name: 'auth-db-2', uid: 'uid-pod-2', revisionHash: 'auth-db-v2' },
          patchedHash: 'hash-v1',
        },
      },
    });
    expect(Step.parse(further?.bot?.step)).toEqual(further?.bot?.step);
  });

  it('is given time where it may become ready by itself', () => {
    const slow = history(statefulSet(), [pod(0), pod(1, 'v2', { ready: false })]);
    expect(free(slow, 29_999)).toEqual([]);
    expect(free(slow, 30_000)).toHaveLength(1);
  });

  it.each<[string, WorkloadHistory]>([
    ['the controller has not seen the patch', history(statefulSet({ observedGeneration: 4 }), stuck)],
    ['the cache has not seen the patch', history(statefulSet({ generation: 4, observedGeneration: 4 }), stuck)],
    ['somebody deployed something else', history(statefulSet({ templateHash: 'hash-v3' }), stuck)],
    ['it is another StatefulSet of that name', history(statefulSet({ uid: 'other' }), stuck)],
    [
      'pods do not wait for each other',
      history(statefulSet({ replacement: { ...replacement, isOrdered: false } }), stuck),
    ],
    [
      'the first pod that is not ready is of the target',
      history(statefulSet(), [pod(0, 'v1', { ready: false }), ...stuck.slice(1)]),
    ],
    [
      'it is a pod of somebody else',
      history(statefulSet(), [pod(2, 'v2', { ...crashing('v2'), ownerUid: 'uid-other' })]),
    ],
    ['it goes already', history(statefulSet(), [pod(2, 'v2', { ...crashing('v2'), deleting: true })])],
  ])('is left alone while %s', (_why, seen) => {
    expect(free(seen, 60_000)).toEqual([]);
  });

  it('is for a person when it is of neither version', () => {
    const seen = history(statefulSet(), [pod(0), pod(1, 'v0', { ...crashing('v0'), ownerUid: 'uid-auth-db' })]);
    const [further] = free(seen);
    expect(further).not.toHaveProperty('bot');
    expect(further?.byHand).toMatch(/^auth-db-1 is stuck on an unknown version/);
  });
});
