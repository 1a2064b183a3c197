import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fencePosts } from '#playground/cluster/controllers/deployment-scaling.ts';
import type { Deployment } from '#playground/cluster/objects.ts';
import { isActive, isReady } from '#playground/cluster/objects.ts';
import { rehearse, webDeployment } from './rehearsal.ts';

describe('fence posts', () => {
  it.each([
    ['25% of 3 surges 1 and misses none', 3, '25%', '25%', 1, 0],
    ['25% of 4 surges 1 and misses 1', 4, '25%', '25%', 1, 1],
    ['25% of 10 rounds the surge up and the rest down', 10, '25%', '25%', 3, 2],
    ['numbers stay as they are', 10, 2, 3, 2, 3],
    ['when both come to nothing one may be missing', 1, 0, '50%', 0, 1],
    ['no more may be missing than there are', 2, 0, 5, 0, 2],
  ])('%s', (_name, replicas, maxSurge, maxUnavailable, surge, unavailable) => {
    const strategy = { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge, maxUnavailable } };
    const deployment = webDeployment({ replicas, strategy }) as unknown as Deployment;
    expect(fencePosts(deployment)).toEqual({ maxSurge: surge, maxUnavailable: unavailable });
  });
});

describe('a rolling update', () => {
  it('replaces all pods and reports the new ReplicaSet as available', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(1000);
    cluster.setImage('web:2');
    cluster.clock.advance(2000);
    expect(cluster.podsOf('web:1')).toHaveLength(0);
    expect(cluster.podsOf('web:2').filter(isReady)).toHaveLength(3);
    expect(cluster.web().status).toMatchObject({
      observedGeneration: 2,
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
    });
    expect(cluster.condition('Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${cluster.setOf('web:2')?.metadata.name ?? ''}" has successfully progressed.`,
    });
  });

  it('keeps the last good pod when it is made smaller while it is stuck', () => {
    const cluster = rehearse();
    cluster.create({
      replicas: 4,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } },
    });
    cluster.clock.advance(1000);
    cluster.setImage('web:2-crash');
    cluster.clock.advance(2000);
    cluster.change((web) => (web.spec.replicas = 2));
    cluster.clock.advance(2000);
    // As Kubernetes 1.37 does: 2 wanted, 1 may be missing.
    expect(cluster.podsOf('web:1').filter(isReady)).toHaveLength(1);
    expect(cluster.podsOf('web:2-crash').filter(isActive)).toHaveLength(2);
  });

  it('never asks for more than the surge and never falls below what must be available, whatever the numbers', () => {
    const count = fc.integer({ min: 0, max: 4 });
    const share = fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`);
    const limit = fc.oneof(count, share);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        limit,
        limit,
        fc.nat(),
        (replicas, maxSurge, maxUnavailable, seed) => {
          const cluster = rehearse({ seed });
          cluster.create({
            replicas,
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
          });
          cluster.clock.advance(2000);
          const posts = fencePosts(cluster.web());
          cluster.storage.subscribe(({ resource }) => {
            if (resource.plural !== 'pods' && resource.plural !== 'replicasets') return;
            const asked = cluster.sets().reduce((sum, set) => sum + set.spec.replicas, 0);
            expect(asked).toBeLessThanOrEqual(replicas + posts.maxSurge);
            expect(cluster.pods().filter((pod) => isActive(pod) && isReady(pod)).length).toBeGreaterThanOrEqual(
              replicas - posts.maxUnavailable,
            );
          });
          cluster.setImage('web:2');
          cluster.clock.advance(10_000);
          expect(cluster.podsOf('web:2').filter(isReady)).toHaveLength(replicas);
          cluster.stop();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps the old pods when the new image is not found', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(1000);
    cluster.setImage('web:2-broken');
    cluster.clock.advance(5000);
    expect(cluster.podsOf('web:1').filter(isReady)).toHaveLength(3);
    expect(cluster.web().status).toMatchObject({ replicas: 4, updatedReplicas: 1, unavailableReplicas: 1 });
  });
});

describe('recreate', () => {
  it('starts no new pod before the last old one is gone', () => {
    const cluster = rehearse();
    cluster.create({ strategy: { type: 'Recreate' } });
    cluster.clock.advance(1000);
    const oldOnesLeft: number[] = [];
    cluster.storage.subscribe(({ type, resource }) => {
      if (type === 'ADDED' && resource.plural === 'pods') oldOnesLeft.push(cluster.podsOf('web:1').length);
    });
    cluster.setImage('web:2');
    cluster.clock.advance(2000);
    expect(oldOnesLeft).toEqual([0, 0, 0]);
    expect(cluster.podsOf('web:2').filter(isReady)).toHaveLength(3);
  });
});
