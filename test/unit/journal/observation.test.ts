import { describe, expect, it } from '@jest/globals';
import type { WorkloadRow } from '#clients/kubernetes/rows.ts';
import { EMPTY_JOURNAL, type Journal, memoryOf } from '#journal/journal.ts';
import { MAX_GAP_MS, isWorthSaving, observe } from '#journal/observation.ts';
import { at } from '#test/harness/builders.ts';
import { aDeployment, aReplicaSet } from '#test/harness/rows.ts';

const replicaSets = [aReplicaSet('v1.4.3', 4), aReplicaSet('v1.4.2', 3)];
const start = Date.parse(at('01:00'));
const MINUTE_MS = 60_000;

/** One look a minute, each at the Deployment given. */
function watch(looks: WorkloadRow[], journal: Journal = EMPTY_JOURNAL, from = start): Journal {
  return looks.reduce((j, deployment, n) => observe(j, [deployment], replicaSets, from + n * MINUTE_MS), journal);
}

const minutesOf = (journal: Journal, version: string) =>
  memoryOf(journal, 'auth-service').ranWell.get(`hash-${version}`);
const good = aDeployment('v1.4.2');
const bad = aDeployment('v1.4.3', {
  status: { replicas: 4, updatedReplicas: 1, readyReplicas: 3, availableReplicas: 3 },
});

describe('watching an environment', () => {
  it('counts the minutes a version is seen complete', () => {
    expect(minutesOf(watch([good, good, good]), 'v1.4.2')).toBe(2);
  });

  it('never credits a version that did not come up', () => {
    expect(minutesOf(watch([good, good, bad, bad, bad]), 'v1.4.3')).toBeUndefined();
  });

  it('does not count the time in which pods were missing', () => {
    const limping = aDeployment('v1.4.2', { status: { ...good.status, availableReplicas: 2 } });
    expect(minutesOf(watch([good, good, limping, good, good]), 'v1.4.2')).toBe(2);
  });

  it('does not count the time in which nobody looked', () => {
    const before = watch([good, good]);
    const after = watch([good, good], before, start + MINUTE_MS + MAX_GAP_MS + 1);
    expect(minutesOf(after, 'v1.4.2')).toBe(2);
  });

  it('says nothing good of a Deployment scaled to 0', () => {
    const none = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
    expect(watch([aDeployment('v1.4.2', { replicas: 0, status: none })]).rollouts).toEqual([]);
  });

  it('begins anew when a version comes back, and adds to its minutes', () => {
    const other = aDeployment('v1.4.3');
    const journal = watch([good, good, other, other, good, good]);
    expect(minutesOf(journal, 'v1.4.2')).toBe(2);
    expect(memoryOf(journal, 'auth-service').since.get('hash-v1.4.2')).toBe(at('01:04'));
  });

  it('begins anew also when nothing that ran between was ever complete', () => {
    const journal = watch([good, good, bad, bad, good, good]);
    expect(memoryOf(journal, 'auth-service').since.get('hash-v1.4.2')).toBe(at('01:04'));
    const limping = aDeployment('v1.4.2', { status: { ...good.status, availableReplicas: 2 } });
    const same = watch([good, good, limping, good]);
    expect(memoryOf(same, 'auth-service').since.get('hash-v1.4.2')).toBe(at('01:00'));
  });

  it('keeps what it knows of workloads that it does not see', () => {
    const journal = watch([good, good]);
    expect(observe(journal, [], [], start)).toEqual(journal);
  });

  it('waits until the controller has made the ReplicaSet', () => {
    expect(observe(EMPTY_JOURNAL, [aDeployment('v1.5.0')], replicaSets, start).rollouts).toEqual([]);
  });
});

describe('saving', () => {
  it('is worth it for a new version, its first minutes and its end, not for every minute', () => {
    const first = watch([good]);
    expect(isWorthSaving(EMPTY_JOURNAL, first)).toBe(true);
    const second = watch([good], first, start + MINUTE_MS);
    expect(isWorthSaving(first, second)).toBe(true);
    const third = watch([good], second, start + 2 * MINUTE_MS);
    expect(isWorthSaving(second, third)).toBe(false);
    expect(isWorthSaving(second, watch([bad], third, start + 3 * MINUTE_MS))).toBe(true);
  });

  it('is worth it after five more minutes', () => {
    const two = watch([good, good]);
    expect(isWorthSaving(two, watch([good, good, good, good, good], two, start + 2 * MINUTE_MS))).toBe(true);
  });
});

describe('the numbers of versions', () => {
  const [old, now] = [aReplicaSet('v1', 1), aReplicaSet('v2', 2)];

  it('are noted for a StatefulSet, whose versions forget them, and saved at once', () => {
    const database = aDeployment('v2', { kind: 'StatefulSet' });
    const before = observe(EMPTY_JOURNAL, [database], [now, old], start);
    const after = observe(before, [database], [now, { ...old, revision: 3 }], start + 1);
    expect(after.numbers?.map(({ templateHash, revision }) => [templateHash, revision])).toEqual([
      ['hash-v1', 1],
      ['hash-v2', 2],
      ['hash-v1', 3],
    ]);
    expect(isWorthSaving(before, after)).toBe(true);
    expect(isWorthSaving(after, observe(after, [database], [now], start + 2))).toBe(false);
  });

  it('are not those of another owner, nor of a Deployment, whose ReplicaSets list them', () => {
    const foreign = { ...old, ownerUid: 'somebody-else' };
    const database = aDeployment('v2', { kind: 'DaemonSet' });
    expect(observe(EMPTY_JOURNAL, [database], [foreign], start).numbers).toBeUndefined();
    expect(observe(EMPTY_JOURNAL, [aDeployment('v2')], [old, now], start).numbers).toBeUndefined();
  });
});
