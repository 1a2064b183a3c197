import { describe, expect, it } from '@jest/globals';
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import { progressOf } from '#methods/controller-revisions/progress.ts';
import { counts, crashing, history, pod, receipt, replacement, statefulSet, step } from './rows.ts';

const look = (seen: WorkloadHistory | undefined, sinceMs = 0, made = receipt) => progressOf(seen, step, made, sinceMs);

describe('done', () => {
  it('is when status, ControllerRevisions and pods agree', () => {
    expect(look(history())).toEqual({ state: 'done', ready: 3, desired: 3, revision: 3 });
  });

  it('is at once when nothing is wanted', () => {
    const none = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
    expect(look(history(statefulSet({ replicas: 0, status: none }), []))).toMatchObject({ state: 'done', desired: 0 });
  });

  const newer = history();
  newer.versions[1]!.revision = 4;
  it.each<[string, WorkloadHistory]>([
    ['the status is older than the last change', history(statefulSet({ generation: 6 }))],
    ['a pod is not available', history(statefulSet({ status: { ...counts, availableReplicas: 2 } }))],
    ['not all pods are updated', history(statefulSet({ status: { ...counts, updatedReplicas: 2 } }))],
    ['a pod of the old version is there', history(statefulSet(), [pod(0), pod(1), pod(2), pod(3, 'v2')])],
    ['a pod has not become ready', history(statefulSet(), [pod(0), pod(1), pod(2, 'v1', { ready: false })])],
    [
      'the controller works towards another version',
      history(statefulSet({ replacement: { ...replacement, updateRevision: 'auth-db-v2' } })),
    ],
    ['the number of the version is not written yet', newer],
  ])('is not while %s', (_why, seen) => {
    expect(look(seen).state).toBe('progressing');
  });

  it('has no number before it is the highest', () => {
    expect(look(newer)).not.toHaveProperty('revision');
  });

  it('is for the pods above a partition, and says which are not meant', () => {
    const parted = statefulSet({
      replacement: { ...replacement, partition: 1 },
      status: { ...counts, updatedReplicas: 2 },
    });
    expect(look(history(parted, [pod(0, 'v2'), pod(1), pod(2)]))).toEqual({
      state: 'done',
      ready: 2,
      desired: 2,
      revision: 3,
      detail: '1 of 3 pods keep their version, only the rest is for v1: partition 1',
    });
  });
});

describe('not done', () => {
  it('is unknown while the cache is older than the patch', () => {
    expect(look(history(statefulSet({ generation: 4, templateHash: 'hash-v2' })))).toEqual({
      state: 'progressing',
      ready: 0,
      desired: 3,
    });
  });

  it('names the pod that is stuck on the version left', () => {
    const seen = history(statefulSet({ status: { ...counts, readyReplicas: 2, availableReplicas: 2 } }), [
      pod(0),
      pod(1),
      pod(2, 'v2', crashing('v2')),
    ]);
    expect(look(seen)).toMatchObject({ state: 'progressing', ready: 2, detail: 'auth-db-2 is stuck on v2' });
  });

  it('says why no pod is replaced when somebody switched that off', () => {
    const off = statefulSet({ replacement: { ...replacement, isOnDelete: true } });
    expect(look(history(off, [pod(0, 'v2')]))).toMatchObject({ detail: expect.stringContaining('OnDelete') });
  });

  it('says that a webhook rewrote the template', () => {
    const seen = history(statefulSet({ templateHash: 'hash-v2', status: { ...counts, availableReplicas: 2 } }));
    const rewritten = { ...step, from: { ...step.from, templateHash: 'hash-v0' } };
    const progress = progressOf(seen, rewritten, { ...receipt, templateHash: 'hash-v2' }, 0);
    expect(progress).toMatchObject({ state: 'progressing' });
  });

  it.each<[string, WorkloadHistory | undefined, string]>([
    ['it is gone', undefined, 'the StatefulSet was deleted'],
    ['it was made anew', history(statefulSet({ uid: 'other' })), 'the StatefulSet was deleted and created anew'],
    ['it was put back', history(statefulSet({ templateHash: 'hash-v2' })), 'put back to v2'],
    ['it was changed', history(statefulSet({ templateHash: 'hash-v3' })), 'were changed'],
  ])('is over when %s', (_why, seen, detail) => {
    expect(look(seen)).toMatchObject({ state: 'superseded', detail: expect.stringContaining(detail) });
  });
});

describe('failed', () => {
  const waiting = { ...counts, readyReplicas: 2, availableReplicas: 2 };

  it('is as soon as one pod of the target cannot run, for no other can follow it', () => {
    const seen = history(statefulSet({ status: waiting }), [pod(0), pod(1), pod(2, 'v1', crashing('v1'))]);
    expect(look(seen)).toMatchObject({ state: 'failed', detail: expect.stringContaining('crashes (3 restarts') });
  });

  it('is not while another pod may still run, where pods do not wait for each other', () => {
    const parallel = statefulSet({ status: waiting, replacement: { ...replacement, isOrdered: false } });
    const seen = history(parallel, [pod(0), pod(1), pod(2, 'v1', crashing('v1'))]);
    expect(look(seen)).toMatchObject({ state: 'progressing', detail: expect.stringContaining('crashes') });
  });
});
