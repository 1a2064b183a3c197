import { describe, expect, it } from '@jest/globals';
import { imageRegistry } from '#playground/cluster/kubelet/images.ts';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import {
  annotations,
  controllerOf,
  deployments,
  events,
  horizontalPodAutoscalers,
  isReady,
  podDisruptionBudgets,
  pods,
  replicaSets,
} from '#playground/cluster/objects.ts';
import type { ClusterStorage } from '#playground/cluster/storage.ts';
import { createStorage } from '#playground/cluster/storage.ts';
import { repositoryOf } from '#playground/scenarios/company.ts';
import { makeHistory } from '#playground/scenarios/history.ts';
import { catalogue } from './company-catalogue.ts';

const nowMs = Date.parse('2026-03-02T03:00:00Z');

function history(seed: number, now = nowMs): ClusterStorage {
  const storage = createStorage({ now: () => now });
  makeHistory(storage, { catalogue, images: imageRegistry(), seed, nowMs: now });
  return storage;
}

const everything = (of: ClusterStorage) => of.resources().flatMap((resource) => of.list(resource));

const storage = history(1);
const deployed = storage.list(deployments) as Deployment[];

describe('the history of the playground', () => {
  it('has all nine services in all three environments, complete and available', () => {
    expect(deployed).toHaveLength(27);
    for (const { spec, status, metadata } of deployed) {
      expect(status).toMatchObject({ availableReplicas: spec.replicas, updatedReplicas: spec.replicas });
      expect(status?.conditions?.map((c) => c.reason)).toEqual(['MinimumReplicasAvailable', 'NewReplicaSetAvailable']);
      expect(status?.observedGeneration).toBe(metadata.generation);
    }
  });

  it('has an unbroken row of revisions behind each Deployment, dated in the past', () => {
    for (const { metadata } of deployed) {
      const sets = (storage.list(replicaSets) as ReplicaSet[])
        .filter((set) => controllerOf(set)?.uid === metadata.uid)
        .toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
      const numbers = sets.map((set) => Number(set.metadata.annotations?.[annotations.revision]));
      expect(numbers).toEqual(numbers.map((_n, index) => index + 1));
      expect(numbers.length).toBeGreaterThanOrEqual(2);
      const newest = sets.at(-1);
      expect(Date.parse(newest?.metadata.creationTimestamp ?? '')).toBeLessThan(nowMs - 3_600_000);
    }
  });

  it('tells who deployed what, in each ReplicaSet', () => {
    const auth = (storage.list(replicaSets, 'lomash-wood') as ReplicaSet[])
      .filter((set) => set.metadata.name.startsWith('auth-service-'))
      .toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
    expect(auth.map((set) => set.spec.template.spec.containers[0]?.image.split(':')[1])).toEqual([
      'v1.4.0',
      'v1.4.1',
      'v1.4.2',
    ]);
    expect(auth.map((set) => set.metadata.annotations?.['ops.lomashwood.com/deployed-by'])).toEqual([
      'Tom Okafor',
      'Priya Nair',
      'Tom Okafor',
    ]);
    expect(auth[2]?.metadata.annotations?.['kubernetes.io/change-cause']).toBe('Tom Okafor: Renew sessions in use');
  });

  it('has ready pods as old as their last deploy, and no events', () => {
    const all = storage.list(pods) as Pod[];
    expect(all.every(isReady)).toBe(true);
    expect(all.every((pod) => Date.parse(pod.metadata.creationTimestamp) < nowMs - 3_600_000)).toBe(true);
    expect(storage.list(events)).toEqual([]);
  });

  it('has one service of kubectl apply, one autoscaler and budgets in production', () => {
    const applied = deployed.filter((d) => annotations.lastApplied in (d.metadata.annotations ?? {}));
    expect(new Set(applied.map((d) => d.metadata.name))).toEqual(new Set(['content-service']));
    const current = applied.find((d) => d.metadata.namespace === 'lomash-wood');
    expect(current?.metadata.annotations?.[annotations.lastApplied]).toContain('content-service:v1.9.2');
    expect(storage.list(horizontalPodAutoscalers)[0]).toMatchObject({
      metadata: { name: 'product-service' },
      status: { currentReplicas: 3 },
    });
    expect(storage.list(podDisruptionBudgets).map((b) => b['status'])).toEqual([
      expect.objectContaining({ currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 }),
      expect.objectContaining({ currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 }),
    ]);
  });

  it('is the same for the same seed, and another for another', () => {
    const names = (s: ClusterStorage): string[] => s.list(pods).map((pod) => pod.metadata.name);
    expect(names(history(1))).toEqual(names(storage));
    expect(names(history(2))).not.toEqual(names(storage));
  });

  it('is the same one later, up to the present then, as if it were lived through anew', () => {
    const [later, images] = [nowMs + 86_400_000, imageRegistry()];
    history(3);
    const kept = createStorage({ now: () => later });
    makeHistory(kept, { catalogue, images, seed: 3, nowMs: later });
    history(4);
    const anew = history(3, later);
    expect(everything(kept)).toEqual(everything(anew));
    expect(images.tagsOf(repositoryOf('auth-service')).length).toBeGreaterThan(1);
  });
});
