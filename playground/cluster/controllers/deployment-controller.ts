/**
 * The Deployment controller: makes ReplicaSets follow a Deployment's template and size, step by step, as kube-controller-manager's does.
 * Each sync works on one snapshot; a write that meets a newer object fails with Conflict and the whole sync is repeated. That is why a
 * Deployment's revision, conditions and observedGeneration arrive in several writes, here as there.
 */
import type { ControllerContext } from './controllers.ts';
import { cleanUpHistory, findNewReplicaSet, syncRevision } from './deployment-revisions.ts';
import { recreate, rollOut } from './deployment-rollout.ts';
import { isScalingEvent, scale } from './deployment-scaling.ts';
import { syncPausedCondition, syncStatus } from './deployment-status.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../objects.ts';
import { annotations, controllerOf, deployments, replicaSets, selects } from '../objects.ts';
import { replace, replaceStatus } from './trusted-client.ts';
import type { ClusterStorage } from '../storage.ts';
import { workQueue } from './work-queue.ts';

const component = 'deployment-controller';

/** One sync of one Deployment: the snapshot, and what may be done with it. */
export interface Rollout {
  readonly storage: ClusterStorage;
  /** As read at the beginning, with what this sync has changed in its status and revision. */
  readonly deployment: Deployment;
  readonly replicaSets: readonly ReplicaSet[];
  now(): number;
  /** Any ReplicaSet of the namespace, as it is now. */
  replicaSet(name: string): ReplicaSet | undefined;
  hasRunningPods(set: ReplicaSet): boolean;
  /** False when the Deployment already says so. */
  setRevision(revision: string): boolean;
  setStatus(status: DeploymentStatus): void;
  writeStatus(): void;
  recordScaling(replicaSet: string, from: number, to: number): void;
  recheckAfter(ms: number): void;
}

/** Takes in orphans that match and lets go of those that no longer do. */
function claimedReplicaSets({ storage, caches }: ControllerContext, deployment: Deployment): ReplicaSet[] {
  const { name, namespace = '', uid, deletionTimestamp } = deployment.metadata;
  const { selector } = deployment.spec;
  const owned = caches.replicaSets.controlledBy(uid);
  if (deletionTimestamp !== undefined) return owned;
  const orphans = caches.replicaSets
    .controlledBy('')
    .filter((set) => set.metadata.namespace === namespace && set.metadata.deletionTimestamp === undefined)
    .filter((set) => selects(selector, set.metadata.labels));
  const reference = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const adopted = orphans.map((set) =>
    replace(storage, replicaSets, {
      ...set,
      metadata: { ...set.metadata, ownerReferences: [...(set.metadata.ownerReferences ?? []), reference] },
    }),
  );
  const kept = owned.filter((set) => selects(selector, set.metadata.labels));
  for (const set of owned.filter((s) => !kept.includes(s))) {
    const others = set.metadata.ownerReferences?.filter((o) => o.uid !== uid) ?? [];
    replace(storage, replicaSets, { ...set, metadata: { ...set.metadata, ownerReferences: others } });
  }
  return [...kept, ...adopted];
}

function beginSync(context: ControllerContext, read: Deployment, recheckAfter: (ms: number) => void): Rollout {
  const { storage, clock, caches, recorder } = context;
  const deployment: Deployment = { ...read, metadata: { ...read.metadata } };
  return {
    storage,
    deployment,
    replicaSets: claimedReplicaSets(context, read),
    now: () => clock.now(),
    replicaSet: (name) => caches.replicaSets.get(read.metadata.namespace, name),
    hasRunningPods: (set) =>
      caches.pods
        .controlledBy(set.metadata.uid)
        .some((pod) => pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded'),
    setRevision(revision) {
      const known = deployment.metadata.annotations ?? {};
      if (known[annotations.revision] === revision) return false;
      deployment.metadata.annotations = { ...known, [annotations.revision]: revision };
      return true;
    },
    setStatus(status) {
      deployment.status = status;
    },
    writeStatus: () => void replaceStatus(storage, deployments, deployment),
    recordScaling(name, from, to) {
      const direction = to > from ? 'up' : 'down';
      const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`;
      recorder.record(component, read, { type: 'Normal', reason: 'ScalingReplicaSet', message });
    },
    recheckAfter,
  };
}

function syncSizes(rollout: Rollout): void {
  const { newSet, old } = syncRevision(rollout, false);
  scale(rollout, newSet, old);
  if (rollout.deployment.spec.paused) cleanUpHistory(rollout, old);
  syncStatus(rollout, newSet ? [...old, newSet] : old, newSet);
}

function syncDeployment(rollout: Rollout): void {
  const { deployment } = rollout;
  if (deployment.metadata.deletionTimestamp !== undefined) {
    syncStatus(rollout, rollout.replicaSets, findNewReplicaSet(deployment, rollout.replicaSets));
    return;
  }
  syncPausedCondition(rollout);
  if (deployment.spec.paused) {
    syncSizes(rollout);
    return;
  }
  const { newSet, old } = syncRevision(rollout, false);
  if (isScalingEvent(deployment, newSet ? [...old, newSet] : old)) syncSizes(rollout);
  else if (deployment.spec.strategy.type === 'Recreate') recreate(rollout);
  else rollOut(rollout);
}

/** Watches Deployments and their ReplicaSets until stopped. */
export function startDeploymentController(context: ControllerContext): () => void {
  const { storage, clock, caches } = context;
  const queue = workQueue(clock, (key) => {
    const [namespace, name = ''] = key.split('/');
    const read = caches.deployments.get(namespace, name);
    if (read) syncDeployment(beginSync(context, read, (ms) => queue.addAfter(key, ms)));
  });
  const enqueue = (d: { metadata: { namespace?: string; name: string } }): void =>
    queue.add(`${d.metadata.namespace ?? ''}/${d.metadata.name}`);

  for (const deployment of caches.deployments.all()) enqueue(deployment);
  const unsubscribe = storage.subscribe(({ resource, object, previous, type }) => {
    if (resource.plural === 'deployments') enqueue(object);
    else if (resource.plural === 'replicasets') {
      for (const set of previous ? [object, previous] : [object]) {
        const owner = controllerOf(set);
        const { namespace = '' } = set.metadata;
        if (owner?.kind === 'Deployment') queue.add(`${namespace}/${owner.name}`);
      }
    } else if (resource.plural === 'pods' && type === 'DELETED') {
      const set = caches.replicaSets.get(object.metadata.namespace, controllerOf(object)?.name ?? '');
      const owner = set && controllerOf(set);
      if (owner) queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`);
    }
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}
