import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#playground/cluster/objects.ts';
import { configMaps, deployments, isReady, pods, replicaSets, selects } from '#playground/cluster/objects.ts';
import type { Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import {
  changeConfigMap,
  deleteConfigMap,
  expirePreviousImage,
  forgetHistory,
  handToArgoRollouts,
  handToFlagger,
  markOwner,
  pauseDeployment,
} from '#playground/scenarios/special-cases.ts';
import type { WorldControl } from '#playground/scenarios/world.ts';
import { inWorld } from './in-world.ts';

const namespace = 'lomash-wood';
const auth = { service: 'auth-service' };
const deployment = (world: WorldControl, name = 'auth-service'): Deployment =>
  world.storage.get(deployments, namespace, name) as Deployment;

const setsOf = (world: WorldControl): ReplicaSet[] =>
  (world.storage.list(replicaSets, namespace) as ReplicaSet[]).filter((set) =>
    selects({ matchLabels: { app: 'auth-service' } }, set.metadata.labels),
  );

const podsOf = (world: WorldControl, app: string): Pod[] =>
  (world.storage.list(pods, namespace) as Pod[]).filter((pod) => pod.metadata.labels?.['app'] === app && isReady(pod));

describe('special cases', () => {
  it('a service without history has its current ReplicaSet only', () =>
    inWorld((world) => {
      forgetHistory(world, auth);
      world.clock.advance(1000);
      expect(setsOf(world).map((set) => set.spec.replicas)).toEqual([3]);
    }));

  it('an expired image cannot be pulled by a rollback to it', () =>
    inWorld((world) => {
      world.act('deploy-bad', 'auth-service');
      world.clock.advance(5000);
      const image = expirePreviousImage(world, auth);
      expect(image).toMatch(/auth-service:v1\.4\.2$/);
      world.storage.change(deployments, namespace, 'auth-service', (object) => {
        for (const container of (object as Deployment).spec.template.spec.containers) container.image = image;
        return object;
      });
      world.clock.advance(5000);
      const view = world.view().find((s) => s.name === 'auth-service');
      expect(view?.pods.filter((pod) => !pod.ready).map((pod) => pod.reason)).toEqual(['ImagePullBackOff']);
      expect(view?.version).toBe('v1.4.3');
    }));

  it('a paused Deployment says so', () =>
    inWorld((world) => {
      pauseDeployment(world, auth);
      world.clock.advance(1000);
      expect(deployment(world).spec.paused).toBe(true);
      expect(deployment(world).status?.conditions?.map((c) => c.reason)).toContain('DeploymentPaused');
    }));

  it('a changed ConfigMap was written now, a deleted one is gone', () =>
    inWorld((world) => {
      changeConfigMap(world);
      const changed = world.storage.get(configMaps, namespace, 'lomash-wood-config');
      expect(changed?.metadata['managedFields']).toMatchObject([
        { manager: 'kubectl-edit', time: '2026-03-02T03:00:00Z' },
      ]);
      deleteConfigMap(world);
      expect(world.storage.get(configMaps, namespace, 'lomash-wood-config')).toBeUndefined();
    }));

  it.each([
    ['argo-cd', 'annotations', 'argocd.argoproj.io/tracking-id'],
    ['flux-kustomization', 'labels', 'kustomize.toolkit.fluxcd.io/name'],
    ['flux-helm-release', 'labels', 'helm.toolkit.fluxcd.io/name'],
    ['helm', 'annotations', 'meta.helm.sh/release-name'],
    ['kubectl-apply', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'],
  ] as const)('a Deployment of %s carries its mark', (owner, where, key) =>
    inWorld((world) => {
      markOwner(world, auth, owner);
      expect(Object.keys(deployment(world).metadata[where] ?? {})).toContain(key);
    }),
  );

  it('under Flagger the traffic goes to the primary', () =>
    inWorld((world) => {
      handToFlagger(world, auth);
      world.clock.advance(5000);
      expect([podsOf(world, 'auth-service').length, podsOf(world, 'auth-service-primary').length]).toEqual([0, 3]);
      expect(deployment(world, 'auth-service-primary').metadata.ownerReferences).toMatchObject([{ kind: 'Canary' }]);
    }));

  it("under Argo Rollouts the pods are the Rollout's", () =>
    inWorld((world) => {
      handToArgoRollouts(world, auth);
      world.clock.advance(5000);
      const running = podsOf(world, 'auth-service');
      expect(running).toHaveLength(3);
      expect(running.every((pod) => 'rollouts-pod-template-hash' in (pod.metadata.labels ?? {}))).toBe(true);
    }));
});
