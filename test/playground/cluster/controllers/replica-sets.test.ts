import { describe, expect, it } from '@jest/globals';
import { isReady, namespaces, resourceQuotas, serviceAccounts } from '#playground/cluster/objects.ts';
import { namespace, rehearse } from './rehearsal.ts';

describe('scaling', () => {
  it('deletes pods that are not ready before those that are', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 4 });
    cluster.clock.advance(2000);
    cluster.setImage('web:2-crash');
    cluster.clock.advance(30_000);
    const good = cluster
      .podsOf('web:1')
      .filter(isReady)
      .map((pod) => pod.metadata.name);
    expect(good).toHaveLength(3);
    cluster.setImage('web:1');
    cluster.clock.advance(2000);
    expect(cluster.podsOf('web:2-crash')).toHaveLength(0);
    expect(cluster.pods().map((pod) => pod.metadata.name)).toEqual(expect.arrayContaining(good));
  });

  it('shares new replicas out in proportion while a rollout is stuck', () => {
    const cluster = rehearse();
    cluster.create({
      replicas: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    cluster.clock.advance(2000);
    cluster.setImage('web:2-broken');
    cluster.clock.advance(2000);
    expect([cluster.setOf('web:1')?.spec.replicas, cluster.setOf('web:2-broken')?.spec.replicas]).toEqual([8, 5]);
    cluster.change((deployment) => {
      deployment.spec.replicas = 15;
    });
    cluster.clock.advance(2000);
    expect([cluster.setOf('web:1')?.spec.replicas, cluster.setOf('web:2-broken')?.spec.replicas]).toEqual([11, 7]);
  });

  it('waits minReadySeconds before a ready pod counts as available', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 2, minReadySeconds: 20 });
    cluster.clock.advance(10_000);
    expect(cluster.web().status).toMatchObject({ readyReplicas: 2, unavailableReplicas: 2 });
    cluster.clock.advance(15_000);
    expect(cluster.web().status).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
  });
});

describe('pods that may not be created', () => {
  it('fail on a missing service account, with the reason on ReplicaSet and Deployment', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.change((deployment) => {
      deployment.spec.template.spec.serviceAccountName = 'absent';
    });
    cluster.clock.advance(1000);
    const failure = cluster.condition('ReplicaFailure');
    expect(failure).toMatchObject({ status: 'True', reason: 'FailedCreate' });
    expect(failure?.message).toContain(
      'error looking up service account lomash-wood/absent: serviceaccount "absent" not found',
    );
    cluster.storage.create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'absent', namespace },
    });
    cluster.clock.advance(60_000);
    expect(cluster.condition('ReplicaFailure')).toBeUndefined();
    expect(cluster.web().status?.availableReplicas).toBe(3);
  });

  it('fail on a quota, while the others run', () => {
    const cluster = rehearse();
    cluster.storage.create(resourceQuotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace },
      spec: { hard: { pods: '2' } },
    });
    cluster.create();
    cluster.clock.advance(2000);
    expect(cluster.pods()).toHaveLength(2);
    expect(cluster.condition('ReplicaFailure')?.message).toContain(
      'exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2',
    );
    expect(cluster.events('FailedCreate')).not.toHaveLength(0);
  });
});

describe('owners', () => {
  it('take their ReplicaSets and pods with them', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(2000);
    cluster.storage.remove({ group: 'apps', version: 'v1', plural: 'deployments' }, namespace, 'web');
    cluster.clock.advance(2000);
    expect([cluster.sets(), cluster.pods()]).toEqual([[], []]);
  });

  it('wait for them when deleted in the foreground', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(2000);
    const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };
    cluster.storage.change(deployments, namespace, 'web', (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: ['foregroundDeletion'] },
    }));
    cluster.storage.remove(deployments, namespace, 'web');
    const gone: string[] = [];
    cluster.storage.subscribe(({ type, object }) => {
      if (type === 'DELETED') gone.push(object.kind);
    });
    cluster.clock.advance(2000);
    expect(gone).toEqual(['Pod', 'Pod', 'Pod', 'ReplicaSet', 'Deployment']);
    expect([cluster.storage.list(deployments), cluster.sets(), cluster.pods()]).toEqual([[], [], []]);
  });

  it('include the namespace', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(2000);
    cluster.storage.remove(namespaces, undefined, namespace);
    cluster.clock.advance(2000);
    expect([cluster.sets(), cluster.pods(), cluster.storage.list(serviceAccounts, namespace)]).toEqual([[], [], []]);
  });
});
