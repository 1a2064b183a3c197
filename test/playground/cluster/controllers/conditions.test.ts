import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#playground/cluster/objects.ts';
import type { StorageEvent } from '#playground/cluster/storage-contract.ts';
import { rehearse } from './rehearsal.ts';

/** What a watcher of the Deployment sees, one line for each write. */
function story(seen: StorageEvent[]): string[] {
  return seen
    .filter(({ resource }) => resource.plural === 'deployments')
    .map(({ object }) => {
      const { metadata, status = {} } = object as Deployment;
      const reason = status.conditions?.find((c) => c.type === 'Progressing')?.reason ?? 'none';
      const revision = metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '-';
      return `revision ${revision}, observed ${status.observedGeneration ?? 0} of ${metadata.generation ?? 0}, ${reason}`;
    });
}

const singlePod = {
  replicas: 1,
  progressDeadlineSeconds: 10,
  strategy: { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
};

describe('the progress deadline', () => {
  it('is reported when nothing has moved for so long, and a second later', () => {
    const cluster = rehearse();
    cluster.create({ progressDeadlineSeconds: 10 });
    cluster.clock.advance(2000);
    cluster.setImage('web:2-broken');
    cluster.clock.advance(9500);
    expect(cluster.condition('Progressing')?.reason).toBe('ReplicaSetUpdated');
    cluster.clock.advance(3000);
    expect(cluster.condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${cluster.setOf('web:2-broken')?.metadata.name ?? ''}" has timed out progressing.`,
    });
  });

  it('stays on the Deployment for a moment after an undo, although the new generation is observed', () => {
    const cluster = rehearse();
    cluster.create(singlePod);
    cluster.clock.advance(2000);
    cluster.setImage('web:2-broken');
    cluster.clock.advance(20_000);
    const stamp = cluster.condition('Progressing')?.lastUpdateTime;
    const seen = cluster.record();
    cluster.setImage('web:1');
    cluster.clock.advance(2000);
    expect(story(seen)).toEqual([
      'revision 2, observed 2 of 3, ProgressDeadlineExceeded',
      'revision 3, observed 2 of 3, ProgressDeadlineExceeded',
      'revision 3, observed 3 of 3, ProgressDeadlineExceeded',
      'revision 3, observed 3 of 3, NewReplicaSetAvailable',
      'revision 3, observed 3 of 3, NewReplicaSetAvailable',
    ]);
    const stale = seen
      .filter(({ resource }) => resource.plural === 'deployments')
      .map(({ object }) => (object as Deployment).status?.conditions?.find((c) => c.type === 'Progressing'));
    expect(stale.slice(0, 3).map((c) => c?.lastUpdateTime)).toEqual([stamp, stamp, stamp]);
  });

  it('keeps its old stamp when the next version hangs as well', () => {
    const cluster = rehearse();
    cluster.create(singlePod);
    cluster.clock.advance(2000);
    cluster.setImage('web:2-broken');
    cluster.clock.advance(20_000);
    const stamp = cluster.condition('Progressing')?.lastUpdateTime;
    cluster.change((deployment) => {
      deployment.spec.progressDeadlineSeconds = 30;
    });
    cluster.clock.advance(60_000);
    expect(cluster.condition('Progressing')).toMatchObject({
      reason: 'ProgressDeadlineExceeded',
      lastUpdateTime: stamp,
    });
  });

  it('does not exist without progressDeadlineSeconds', () => {
    const cluster = rehearse();
    cluster.create({ progressDeadlineSeconds: 2 ** 31 - 1 });
    cluster.clock.advance(2000);
    expect(cluster.web().status?.conditions?.map((c) => c.type)).toEqual(['Available']);
  });
});

describe('a rollout as a watcher sees it', () => {
  it('tells the revision before the generation, and creation before progress', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 1 });
    cluster.clock.advance(2000);
    const seen = cluster.record();
    cluster.setImage('web:2');
    cluster.clock.advance(2000);
    expect([...new Set(story(seen))]).toEqual([
      'revision 1, observed 1 of 2, NewReplicaSetAvailable',
      'revision 2, observed 1 of 2, NewReplicaSetCreated',
      'revision 2, observed 2 of 2, NewReplicaSetCreated',
      'revision 2, observed 2 of 2, ReplicaSetUpdated',
      'revision 2, observed 2 of 2, NewReplicaSetAvailable',
    ]);
  });

  it('refreshes lastUpdateTime with progress and leaves lastTransitionTime', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(2000);
    const before = cluster.condition('Progressing');
    cluster.clock.advance(60_000);
    cluster.setImage('web:2');
    cluster.clock.advance(2000);
    const after = cluster.condition('Progressing');
    expect(after?.lastTransitionTime).toBe(before?.lastTransitionTime);
    expect(Date.parse(after?.lastUpdateTime ?? '') - Date.parse(before?.lastUpdateTime ?? '')).toBeGreaterThanOrEqual(
      60_000,
    );
  });
});

describe('a paused Deployment', () => {
  it('says so, scales, but does not roll out', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(2000);
    cluster.change((deployment) => {
      deployment.spec.paused = true;
      deployment.spec.replicas = 5;
    });
    cluster.setImage('web:2');
    cluster.clock.advance(2000);
    expect(cluster.condition('Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    expect(cluster.podsOf('web:1')).toHaveLength(5);
    expect(cluster.setOf('web:2')).toBeUndefined();
    expect(cluster.web().status).toMatchObject({ observedGeneration: 3, availableReplicas: 5 });
  });

  it('rolls out once resumed', () => {
    const cluster = rehearse();
    cluster.create({ paused: true, replicas: 2 });
    cluster.clock.advance(1000);
    expect(cluster.sets()).toHaveLength(0);
    cluster.change((deployment) => {
      deployment.spec.paused = false;
    });
    cluster.clock.advance(2000);
    expect(cluster.condition('Progressing')?.reason).toBe('NewReplicaSetAvailable');
  });
});
