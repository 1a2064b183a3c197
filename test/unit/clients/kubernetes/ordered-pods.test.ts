import { describe, expect, it } from '@jest/globals';
import { blockingPod } from '#clients/kubernetes/ordered-pods.ts';
import type { PodReplacement, PodRow } from '#clients/kubernetes/rows.ts';
import { aDeployment, aPod } from '#test/harness/rows.ts';

const statefulSet = (more: Partial<PodReplacement> = {}) =>
  aDeployment('v2', {
    kind: 'StatefulSet',
    replacement: { isOnDelete: false, partition: 0, isOrdered: true, ...more },
  });
const pod = (number: number, more: Partial<PodRow> = {}) => aPod('v2', { name: `db-${number}`, ...more });
const bad = { ready: false };

describe('the pod that a StatefulSet waits for', () => {
  it.each<[string, Partial<PodReplacement>, PodRow[], string | undefined]>([
    ['is none while all are ready', {}, [pod(0), pod(1)], undefined],
    ['is the one that is not ready', {}, [pod(0), pod(1, bad)], 'db-1'],
    ['is the first of several, by number and not by name', {}, [pod(10, bad), pod(9, bad), pod(0)], 'db-9'],
    ['is none that goes already', {}, [pod(0), pod(1, { ...bad, deleting: true })], undefined],
    ['is none behind one that goes', {}, [pod(0, { deleting: true }), pod(1, bad)], undefined],
    ['is none that its controller makes anew by itself', {}, [pod(0, { ...bad, phase: 'Failed' })], undefined],
    ['is none that keeps its version below a partition', { partition: 1 }, [pod(0, bad), pod(1)], undefined],
    ['is one above the partition', { partition: 1 }, [pod(0), pod(1, bad)], 'db-1'],
    ['is none where pods are replaced in parallel', { isOrdered: false }, [pod(0, bad)], undefined],
    ['is none where a person replaces the pods', { isOnDelete: true }, [pod(0, bad)], undefined],
    ['is none without a number', {}, [aPod('v2', { name: 'db-copy', ...bad })], undefined],
  ])('%s', (_what, replacement, pods, name) => {
    expect(blockingPod(statefulSet(replacement), pods)?.name).toBe(name);
  });

  it('is none of a Deployment', () => {
    expect(blockingPod(aDeployment('v2'), [pod(0, bad)])).toBeUndefined();
  });
});
