/** How many pods each ReplicaSet of a Deployment may have: fence posts, proportions, and the scaling itself. */
import type { Deployment, ReplicaSet } from '../objects.ts';
import { annotations, byAge, replicaSets } from '../objects.ts';
import type { Rollout } from './deployment-controller.ts';
import { replace } from './trusted-client.ts';

function resolved(value: number | string | undefined, replicas: number, round: (n: number) => number): number {
  if (typeof value === 'string') return round((Number.parseInt(value, 10) * replicas) / 100);
  return value ?? 0;
}

/** Surge is rounded up, unavailable down; if both come to nothing, one pod may be missing. */
export function fencePosts({ spec }: Deployment): { maxSurge: number; maxUnavailable: number } {
  if (spec.strategy.type !== 'RollingUpdate') return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolved(spec.strategy.rollingUpdate?.maxSurge, spec.replicas, Math.ceil);
  const unavailable = resolved(spec.strategy.rollingUpdate?.maxUnavailable, spec.replicas, Math.floor);
  const maxUnavailable = maxSurge === 0 && unavailable === 0 ? 1 : unavailable;
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, spec.replicas) };
}

export const total = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((sum, set) => sum + (count(set) ?? 0), 0);

export const isScaledUp = (set: ReplicaSet): boolean => set.spec.replicas > 0;

/** How many replicas the new ReplicaSet may have now, given all that exist. */
export function newReplicaCount(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const wanted = deployment.spec.replicas;
  if (deployment.spec.strategy.type === 'Recreate') return wanted;
  const room = wanted + fencePosts(deployment).maxSurge - total(all, (set) => set.spec.replicas);
  return room <= 0 ? current : current + Math.min(room, wanted - current);
}

export function replicaAnnotations(deployment: Deployment): Record<string, string> {
  const { replicas } = deployment.spec;
  return {
    [annotations.desiredReplicas]: String(replicas),
    [annotations.maxReplicas]: String(replicas + fencePosts(deployment).maxSurge),
  };
}

/** Returns the ReplicaSet as it is afterwards. `force`: its annotations are brought up to date even at the same size. */
export function scaleReplicaSet(rollout: Rollout, set: ReplicaSet, replicas: number, force = false): ReplicaSet {
  const isResized = set.spec.replicas !== replicas;
  if (!isResized && !force) return set;
  const wanted = replicaAnnotations(rollout.deployment);
  const known = set.metadata.annotations ?? {};
  if (!isResized && Object.entries(wanted).every(([key, value]) => known[key] === value)) return set;
  const scaled = replace(rollout.storage, replicaSets, {
    ...set,
    metadata: { ...set.metadata, annotations: { ...known, ...wanted } },
    spec: { ...set.spec, replicas },
  });
  if (isResized) rollout.recordScaling(set.metadata.name, set.spec.replicas, replicas);
  return scaled;
}

const count = (set: ReplicaSet, annotation: string): number | undefined => {
  const text = set.metadata.annotations?.[annotation];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};

/** The Deployment's size was changed since its ReplicaSets were last scaled. */
export function isScalingEvent(deployment: Deployment, all: readonly ReplicaSet[]): boolean {
  return all.filter(isScaledUp).some((set) => {
    const desired = count(set, annotations.desiredReplicas);
    return desired !== undefined && desired !== deployment.spec.replicas;
  });
}

function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const { replicas } = deployment.spec;
  return (
    set?.spec.replicas === replicas &&
    count(set, annotations.desiredReplicas) === replicas &&
    (set.status?.availableReplicas ?? 0) === replicas
  );
}

/** Half away from zero. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

function fraction(deployment: Deployment, set: ReplicaSet): number {
  const { replicas } = deployment.spec;
  if (replicas === 0) return -set.spec.replicas;
  const before = count(set, annotations.maxReplicas) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return round((set.spec.replicas * (replicas + fencePosts(deployment).maxSurge)) / before) - set.spec.replicas;
}

/** Larger sets first; among equals newer first when growing, older first when shrinking. */
function bySize(toAdd: number): (a: ReplicaSet, b: ReplicaSet) => number {
  return (a, b) => b.spec.replicas - a.spec.replicas || (toAdd > 0 ? byAge(b, a) : byAge(a, b));
}

function scaleProportionally(rollout: Rollout, all: readonly ReplicaSet[]): void {
  const { deployment } = rollout;
  const { replicas } = deployment.spec;
  const allowed = replicas > 0 ? replicas + fencePosts(deployment).maxSurge : 0;
  const toAdd = allowed - total(all, (set) => set.spec.replicas);
  const active = all.filter(isScaledUp);
  const sets = toAdd === 0 ? active : active.toSorted(bySize(toAdd));
  let added = 0;
  const sizes = sets.map((set) => {
    const left = toAdd - added;
    const share =
      left === 0
        ? 0
        : toAdd > 0
          ? Math.min(fraction(deployment, set), left)
          : Math.max(fraction(deployment, set), left);
    added += share;
    return set.spec.replicas + share;
  });
  sets.forEach((set, index) => {
    const leftover = index === 0 ? toAdd - added : 0;
    scaleReplicaSet(rollout, set, Math.max(0, (sizes[index] ?? 0) + leftover), true);
  });
}

/** Brings sizes in line outside a rollout step: after scaling, and while paused. */
export function scale(rollout: Rollout, newSet: ReplicaSet | undefined, old: readonly ReplicaSet[]): void {
  const { deployment } = rollout;
  const all = newSet ? [...old, newSet] : [...old];
  const active = all.filter(isScaledUp);
  if (active.length <= 1) {
    const only = active[0] ?? newSet ?? old.toSorted(byAge).at(-1);
    if (only) scaleReplicaSet(rollout, only, deployment.spec.replicas);
  } else if (isSaturated(deployment, newSet)) {
    for (const set of old.filter(isScaledUp)) scaleReplicaSet(rollout, set, 0);
  } else if (deployment.spec.strategy.type === 'RollingUpdate') scaleProportionally(rollout, all);
}
