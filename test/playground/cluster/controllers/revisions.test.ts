import { describe, expect, it } from '@jest/globals';
import { deployments, isReady, replicaSets } from '#playground/cluster/objects.ts';
import type { ReplicaSet } from '#playground/cluster/objects.ts';
import type { Rehearsal } from './rehearsal.ts';
import { namespace, rehearse, webDeployment } from './rehearsal.ts';

const revision = 'deployment.kubernetes.io/revision';
const history = 'deployment.kubernetes.io/revision-history';

function deployed(...images: string[]): Rehearsal {
  const cluster = rehearse();
  cluster.create();
  for (const image of images) {
    cluster.clock.advance(2000);
    cluster.setImage(image);
  }
  cluster.clock.advance(2000);
  return cluster;
}

describe('the revision history', () => {
  it('numbers each template once and renumbers the one that comes back', () => {
    const cluster = deployed('web:2', 'web:3', 'web:1');
    expect(cluster.revision()).toBe('4');
    expect(cluster.setOf('web:1')?.metadata.annotations).toMatchObject({ [revision]: '4', [history]: '1' });
    expect(cluster.sets()).toHaveLength(3);
  });

  it('remembers every former number, oldest first', () => {
    const cluster = deployed('web:2', 'web:1', 'web:2', 'web:1');
    expect(cluster.setOf('web:1')?.metadata.annotations).toMatchObject({ [revision]: '5', [history]: '1,3' });
    expect(cluster.setOf('web:2')?.metadata.annotations).toMatchObject({ [revision]: '4', [history]: '2' });
  });

  it("copies the Deployment's annotations to its ReplicaSet, but not the controller's own and not last-applied", () => {
    const cluster = deployed();
    cluster.change((deployment) => {
      deployment.metadata.annotations = {
        ...deployment.metadata.annotations,
        'kubernetes.io/change-cause': 'first',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      };
    });
    cluster.clock.advance(100);
    expect(cluster.setOf('web:1')?.metadata.annotations).toEqual({
      'kubernetes.io/change-cause': 'first',
      [revision]: '1',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    });
  });

  it('names a ReplicaSet after the hash that its pods carry', () => {
    const [set] = deployed().sets();
    const hash = set?.metadata.labels?.['pod-template-hash'] ?? '';
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{6,10}$/);
    expect(set?.metadata.name).toBe(`web-${hash}`);
    expect(set?.spec.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(set?.spec.template.metadata?.labels).toEqual({ app: 'web', 'pod-template-hash': hash });
  });

  it('takes the oldest where two ReplicaSets have the template', () => {
    const cluster = deployed();
    const [first] = cluster.sets();
    if (!first) throw new Error('no ReplicaSet');
    cluster.clock.advance(5000);
    const {
      name: _name,
      uid: _uid,
      creationTimestamp: _created,
      resourceVersion: _version,
      ...metadata
    } = first.metadata;
    cluster.storage.create(replicaSets, {
      ...first,
      metadata: { ...metadata, name: 'web-twin' },
      spec: { ...first.spec, replicas: 0 },
    });
    cluster.setImage('web:2');
    cluster.clock.advance(2000);
    cluster.setImage('web:1');
    cluster.clock.advance(2000);
    const twin = cluster.storage.get(replicaSets, namespace, 'web-twin') as ReplicaSet;
    expect([cluster.setOf('web:1')?.metadata.name, cluster.setOf('web:1')?.spec.replicas]).toEqual([
      first.metadata.name,
      3,
    ]);
    expect(twin.spec.replicas).toBe(0);
  });

  it('counts a collision when the name is taken by a foreign ReplicaSet', () => {
    const cluster = deployed();
    const name = cluster.sets()[0]?.metadata.name ?? '';
    const other = rehearse();
    other.storage.create(replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name, namespace, labels: { app: 'other' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'other' } },
        template: webDeployment({}, 'other:1').spec.template,
      },
    });
    other.create();
    other.clock.advance(2000);
    expect(other.web().status).toMatchObject({ collisionCount: 1, availableReplicas: 3 });
    expect(other.setOf('web:1')?.metadata.name).not.toBe(name);
  });

  it('keeps as many old ReplicaSets as the limit says, the newest ones', () => {
    const cluster = rehearse();
    cluster.create({ revisionHistoryLimit: 2 });
    for (const image of ['web:2', 'web:3', 'web:4', 'web:5']) {
      cluster.clock.advance(2000);
      cluster.setImage(image);
    }
    cluster.clock.advance(3000);
    expect(
      cluster
        .sets()
        .map((set) => set.metadata.annotations?.[revision])
        .toSorted(),
    ).toEqual(['3', '4', '5']);
  });

  it('adopts a ReplicaSet that an orphaning delete left behind', () => {
    const cluster = deployed();
    const [before] = cluster.sets();
    cluster.storage.change(deployments, namespace, 'web', (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: ['orphan'] },
    }));
    cluster.storage.remove(deployments, namespace, 'web');
    cluster.clock.advance(100);
    expect(cluster.storage.get(deployments, namespace, 'web')).toBeUndefined();
    expect(cluster.sets()[0]?.metadata.ownerReferences).toBeUndefined();
    cluster.create();
    cluster.clock.advance(1000);
    expect(cluster.sets().map((set) => set.metadata.uid)).toEqual([before?.metadata.uid]);
    expect(cluster.pods().filter(isReady)).toHaveLength(3);
  });
});
