/**
 * When a Deployment is at rest: every status speaks of what is there, and no controller has anything left to do. Stated from the objects
 * alone, for both planes, after Kubernetes' own rules; a rollout that is stuck for good is at rest too.
 */
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import type { Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations, controllerOf, isReady } from '#playground/cluster/objects.ts';
import { revisionNumber } from './kubectl-undo.ts';

/** What a namespace holds, read at one moment. */
export interface Objects {
  deployments: Deployment[];
  replicaSets: ReplicaSet[];
  pods: Pod[];
}

const noDeadline = 2 ** 31 - 1;
/** A longer deadline does not pass within a test. */
export const patienceSeconds = 60;

const sum = <T>(all: readonly T[], count: (one: T) => number | undefined): number =>
  all.reduce((total, one) => total + (count(one) ?? 0), 0);

export const waitingReason = (pod: Pod): string | undefined =>
  pod.status?.containerStatuses?.find((c) => c.state.waiting)?.state.waiting?.reason;

function podUnrest(pod: Pod): string | undefined {
  const { name, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) return `pod ${name} is being deleted`;
  if (isReady(pod)) return undefined;
  const reason = waitingReason(pod);
  if (reason === 'ImagePullBackOff' || reason === 'CrashLoopBackOff') return undefined;
  const isNeverReady = pod.spec.containers.some((c) => c.image.endsWith('-never-ready'));
  const runs = pod.status?.containerStatuses?.every((c) => c.state.running);
  return isNeverReady && runs ? undefined : `pod ${name} is on its way`;
}

/** No pod can be made: a try comes now and then, and changes nothing. */
const hasFailed = ({ status }: Pick<ReplicaSet, 'status'> | Deployment): boolean =>
  status?.conditions?.some((c) => c.type === 'ReplicaFailure') === true;

function setUnrest(set: ReplicaSet, pods: readonly Pod[]): string | undefined {
  const { metadata, spec, status } = set;
  const own = pods.filter((pod) => controllerOf(pod)?.uid === metadata.uid);
  const ready = own.filter(isReady).length;
  const isRight =
    metadata.deletionTimestamp === undefined &&
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (hasFailed(set) ? own.length < spec.replicas : own.length === spec.replicas) &&
    (status?.replicas ?? 0) === own.length &&
    (status?.readyReplicas ?? 0) === ready &&
    (status?.availableReplicas ?? 0) === ready &&
    (status?.terminatingReplicas ?? 0) === 0;
  return isRight ? undefined : `ReplicaSet ${metadata.name} is not counted`;
}

function countUnrest({ metadata, status }: Deployment, sets: readonly ReplicaSet[], newSet?: ReplicaSet) {
  const isRight =
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.replicas ?? 0) === sum(sets, (s) => s.status?.replicas) &&
    (status?.readyReplicas ?? 0) === sum(sets, (s) => s.status?.readyReplicas) &&
    (status?.availableReplicas ?? 0) === sum(sets, (s) => s.status?.availableReplicas) &&
    (status?.unavailableReplicas ?? 0) ===
      Math.max(0, sum(sets, (s) => s.spec.replicas) - (status?.availableReplicas ?? 0)) &&
    (status?.terminatingReplicas ?? 0) === 0 &&
    (status?.updatedReplicas ?? 0) === (newSet?.status?.replicas ?? 0);
  return isRight ? undefined : 'the Deployment is not counted';
}

/** The revision is on both, and the Deployment's own annotations have reached its ReplicaSet. */
function revisionUnrest(deployment: Deployment, sets: readonly ReplicaSet[], newSet?: ReplicaSet): string | undefined {
  if (!newSet) return deployment.spec.paused ? undefined : 'the template has no ReplicaSet yet';
  const controllers = new Set<string>(Object.values(annotations));
  const own = deployment.metadata.annotations ?? {};
  const theirs = newSet.metadata.annotations ?? {};
  const isCopied = Object.entries(own).every(([key, value]) => controllers.has(key) || theirs[key] === value);
  const highest = Math.max(...sets.map(revisionNumber));
  const isNumbered = own[annotations.revision] === theirs[annotations.revision] && revisionNumber(newSet) === highest;
  return isCopied && isNumbered ? undefined : 'the revision is not yet on both';
}

const rounded = (value: number | string | undefined, replicas: number, round: (n: number) => number): number =>
  typeof value === 'string' ? round((Number.parseInt(value, 10) * replicas) / 100) : (value ?? 0);

function fences({ spec }: Deployment): { surge: number; unavailable: number } {
  if (spec.strategy.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate ?? {};
  const surge = rounded(maxSurge, spec.replicas, Math.ceil);
  const unavailable = rounded(maxUnavailable, spec.replicas, Math.floor);
  return { surge, unavailable: Math.min(surge + unavailable === 0 ? 1 : unavailable, spec.replicas) };
}

/** Would the next step of a rolling update change a size? */
function rolloutUnrest(deployment: Deployment, sets: readonly ReplicaSet[], newSet: ReplicaSet): string | undefined {
  const wanted = deployment.spec.replicas;
  const { surge, unavailable } = fences(deployment);
  const old = sets.filter((set) => set !== newSet && set.spec.replicas > 0);
  const isRecreate = deployment.spec.strategy.type === 'Recreate';
  const all = sum(sets, (set) => set.spec.replicas);
  const mayGrow = newSet.spec.replicas < wanted && (isRecreate || all < wanted + surge);
  if (mayGrow || newSet.spec.replicas > wanted) return 'the new ReplicaSet has another size to come';
  if (old.length === 0) return undefined;
  if (isRecreate) return 'old ReplicaSets are to go first';
  const available = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;
  const least = wanted - unavailable;
  if (all - least - (newSet.spec.replicas - available(newSet)) <= 0) return undefined;
  const mayShrink = old.some((set) => set.spec.replicas > available(set)) || sum(sets, available) > least;
  return mayShrink ? 'old ReplicaSets have another size to come' : undefined;
}

/** While paused, sizes still follow the Deployment's, in proportion. */
function pausedUnrest(deployment: Deployment, sets: readonly ReplicaSet[], newSet?: ReplicaSet): string | undefined {
  const wanted = deployment.spec.replicas;
  const active = sets.filter((set) => set.spec.replicas > 0);
  const all = sum(active, (set) => set.spec.replicas);
  if (active.length <= 1) return sets.length > 0 && all !== wanted ? 'the only ReplicaSet has another size' : undefined;
  const isSaturated = newSet?.spec.replicas === wanted && newSet.status?.availableReplicas === wanted;
  if (isSaturated) return 'old ReplicaSets are to go';
  if (deployment.spec.strategy.type === 'Recreate') return undefined;
  const allowed = wanted === 0 ? 0 : wanted + fences(deployment).surge;
  return all === allowed ? undefined : 'ReplicaSets are not yet in proportion';
}

export const isComplete = ({ spec, status }: Deployment): boolean =>
  [status?.updatedReplicas, status?.replicas, status?.availableReplicas].every((n) => (n ?? 0) === spec.replicas);

function conditionUnrest(deployment: Deployment, sets: readonly ReplicaSet[]): string | undefined {
  const { spec, status } = deployment;
  const of = (type: string) => status?.conditions?.find((c) => c.type === type);
  const isAvailable = (status?.availableReplicas ?? 0) >= spec.replicas - fences(deployment).unavailable;
  if ((of('Available')?.status === 'True') !== isAvailable) return 'availability is to be told';
  const deadline = spec.progressDeadlineSeconds ?? noDeadline;
  if (deadline === noDeadline) return undefined;
  const reason = of('Progressing')?.reason;
  if (spec.paused) {
    const isTold = reason === 'DeploymentPaused' || reason === 'ProgressDeadlineExceeded';
    return isTold ? undefined : 'the pause is to be told';
  }
  if (hasFailed(deployment) !== sets.some(hasFailed)) return 'the failure of ReplicaSets is to be told';
  if (reason === 'DeploymentPaused') return 'the end of the pause is to be told';
  if (isComplete(deployment)) return reason === 'NewReplicaSetAvailable' ? undefined : 'completion is to be told';
  const mayTimeOut = deadline < patienceSeconds && reason !== 'NewReplicaSetAvailable';
  return mayTimeOut && reason !== 'ProgressDeadlineExceeded' ? 'the progress deadline is to come' : undefined;
}

/** Old ReplicaSets beyond the limit go when they are empty, the oldest revisions first. */
function historyUnrest(deployment: Deployment, sets: readonly ReplicaSet[], newSet?: ReplicaSet): string | undefined {
  if (!deployment.spec.paused && !isComplete(deployment)) return undefined;
  const old = sets.filter((set) => set !== newSet).toSorted((a, b) => revisionNumber(a) - revisionNumber(b));
  const surplus = old.slice(0, Math.max(0, old.length - (deployment.spec.revisionHistoryLimit ?? old.length)));
  return surplus.some((set) => set.spec.replicas === 0) ? 'the history is to be cut' : undefined;
}

const hashes = new WeakMap<object, string>();

/** A set without the template's hash label; objects are looked at again and again. */
function hashOf(template: Deployment['spec']['template']): string {
  const known = hashes.get(template) ?? templateHash(template);
  hashes.set(template, known);
  return known;
}

function deploymentUnrest(deployment: Deployment, sets: readonly ReplicaSet[]): string | undefined {
  const { uid, deletionTimestamp } = deployment.metadata;
  if (deletionTimestamp !== undefined) return 'the Deployment is being deleted';
  if (sets.some((set) => controllerOf(set)?.uid !== uid)) return 'a ReplicaSet is not the Deployment’s';
  const template = hashOf(deployment.spec.template);
  const newSet = sets.find((set) => hashOf(set.spec.template) === template);
  const stale = sets.find(
    (set) =>
      set.spec.replicas > 0 &&
      set.metadata.annotations?.[annotations.desiredReplicas] !== String(deployment.spec.replicas),
  );
  return (
    countUnrest(deployment, sets, newSet) ??
    revisionUnrest(deployment, sets, newSet) ??
    (stale && 'a ReplicaSet has not heard of the new size') ??
    (newSet && !deployment.spec.paused
      ? rolloutUnrest(deployment, sets, newSet)
      : pausedUnrest(deployment, sets, newSet)) ??
    conditionUnrest(deployment, sets) ??
    historyUnrest(deployment, sets, newSet)
  );
}

/** For a hurried step: the Deployment's controller has seen it, whatever became of it since. */
export function unseen({ deployments: [deployment], replicaSets }: Objects): string | undefined {
  if (!deployment) return 'there is no Deployment';
  const { metadata, status, spec } = deployment;
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return 'the Deployment is not observed';
  return revisionUnrest(
    deployment,
    replicaSets,
    replicaSets.find((set) => hashOf(set.spec.template) === hashOf(spec.template)),
  );
}

/** What is still to happen; undefined when nothing is. */
export function unrest({ deployments, replicaSets, pods }: Objects): string | undefined {
  const [deployment] = deployments;
  if (!deployment) return 'there is no Deployment';
  const lost = pods.find((pod) => !replicaSets.some((set) => set.metadata.uid === controllerOf(pod)?.uid));
  return (
    (lost && `pod ${lost.metadata.name} has lost its ReplicaSet`) ??
    pods.map(podUnrest).find((why) => why !== undefined) ??
    replicaSets.map((set) => setUnrest(set, pods)).find((why) => why !== undefined) ??
    deploymentUnrest(deployment, replicaSets)
  );
}
