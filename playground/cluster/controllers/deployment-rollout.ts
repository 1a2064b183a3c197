/** One step of a rollout: rolling update or recreate. Each step scales in one direction only and then reports. */
import { fencePosts, isScaledUp, newReplicaCount, scaleReplicaSet, total } from './deployment-scaling.ts';
import { cleanUpHistory, syncRevision } from './deployment-revisions.ts';
import { isComplete, syncRolloutStatus } from './deployment-status.ts';
import type { Rollout } from './deployment-controller.ts';
import type { ReplicaSet } from '../objects.ts';
import { byAge } from '../objects.ts';

const available = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;

function scaleNew(rollout: Rollout, all: readonly ReplicaSet[], newSet: ReplicaSet): boolean {
  const wanted = rollout.deployment.spec.replicas;
  const current = newSet.spec.replicas;
  if (current === wanted) return false;
  const next = current > wanted ? wanted : newReplicaCount(rollout.deployment, all, current);
  scaleReplicaSet(rollout, newSet, next);
  return next !== current;
}

/**
 * Takes up to `limit` pods from sets, oldest first, as `spare` allows each. Returns the sets afterwards and how many were taken, or
 * undefined at a set that has less than none to spare: its status is behind.
 */
function takeFrom(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  limit: number,
  spare: (set: ReplicaSet) => number,
): { sets: ReplicaSet[]; taken: number } | undefined {
  let taken = 0;
  const after: ReplicaSet[] = [];
  for (const set of sets.toSorted(byAge)) {
    const take = Math.min(limit - taken, spare(set));
    if (take < 0 && taken < limit) return undefined;
    taken += Math.max(0, take);
    after.push(take > 0 ? scaleReplicaSet(rollout, set, set.spec.replicas - take) : set);
  }
  return { sets: after, taken };
}

/** Unhealthy old pods go first: they add nothing to availability. No healthy one goes while a status is behind. */
function scaleOldDown(
  rollout: Rollout,
  all: readonly ReplicaSet[],
  old: readonly ReplicaSet[],
  newSet: ReplicaSet,
): boolean {
  if (old.length === 0) return false;
  const { deployment } = rollout;
  const minAvailable = deployment.spec.replicas - fencePosts(deployment).maxUnavailable;
  const newUnavailable = newSet.spec.replicas - available(newSet);
  const mayTake = total(all, (set) => set.spec.replicas) - minAvailable - newUnavailable;
  if (mayTake <= 0) return false;
  const unhealthy = takeFrom(rollout, old, mayTake, (set) => set.spec.replicas - available(set));
  if (!unhealthy) return false;
  const surplus = total([...unhealthy.sets, newSet], available) - minAvailable;
  const healthy = takeFrom(rollout, unhealthy.sets, surplus, (set) => set.spec.replicas);
  return unhealthy.taken + (healthy?.taken ?? 0) > 0;
}

export function rollOut(rollout: Rollout): void {
  const { newSet, old } = syncRevision(rollout, true);
  const all = [...old, newSet];
  const isScaled = scaleNew(rollout, all, newSet) || scaleOldDown(rollout, all, old.filter(isScaledUp), newSet);
  if (!isScaled && isComplete(rollout.deployment, rollout.deployment.status)) cleanUpHistory(rollout, old);
  syncRolloutStatus(rollout, all, newSet);
}

/** All old pods are gone before the first new one is made. */
export function recreate(rollout: Rollout): void {
  const { newSet: existing, old } = syncRevision(rollout, false);
  const before = existing ? [...old, existing] : old;
  const running = old.filter(isScaledUp);
  for (const set of running) scaleReplicaSet(rollout, set, 0);
  if (running.length > 0 || old.some((set) => (set.status?.replicas ?? 0) > 0 || rollout.hasRunningPods(set))) {
    syncRolloutStatus(rollout, before, existing);
    return;
  }
  const newSet = existing ?? syncRevision(rollout, true).newSet;
  scaleReplicaSet(rollout, newSet, rollout.deployment.spec.replicas);
  if (isComplete(rollout.deployment, rollout.deployment.status)) cleanUpHistory(rollout, old);
  syncRolloutStatus(rollout, [...old, newSet], newSet);
}
