/** What a Deployment's status says: counts and the conditions Available, Progressing and ReplicaFailure with the real reasons. */
import type { Rollout } from './deployment-controller.ts';
import { fencePosts, total } from './deployment-scaling.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../objects.ts';
import { timestamp } from './trusted-client.ts';
import { isSameJson } from '../json.ts';

const noDeadline = 2 ** 31 - 1;

export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline;
}

export function conditionOf(status: DeploymentStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((c) => c.type === type);
}

export interface NewCondition {
  type: string;
  status: Condition['status'];
  reason: string;
  message: string;
  at: string;
}

function without(status: DeploymentStatus, type: string): Condition[] {
  return (status.conditions ?? []).filter((c) => c.type !== type);
}

/** Same status and reason: nothing changes, not even the times. Same status: lastTransitionTime stays. */
export function withCondition(status: DeploymentStatus, { at, ...fields }: NewCondition): DeploymentStatus {
  const current = conditionOf(status, fields.type);
  if (current?.status === fields.status && current.reason === fields.reason) return status;
  const since = current?.status === fields.status ? (current.lastTransitionTime ?? at) : at;
  const condition: Condition = { ...fields, lastUpdateTime: at, lastTransitionTime: since };
  return { ...status, conditions: [...without(status, fields.type), condition] };
}

/** Members that are zero are left out on the wire. */
function counts(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): DeploymentStatus {
  const available = total(all, (set) => set.status?.availableReplicas);
  const numbers = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: total(all, (set) => set.status?.replicas),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: total(all, (set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, total(all, (set) => set.spec.replicas) - available),
  };
  const { collisionCount } = deployment.status ?? {};
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0)),
    terminatingReplicas: total(all, (set) => set.status?.terminatingReplicas),
    ...(collisionCount !== undefined && { collisionCount }),
  };
}

function withAvailability(deployment: Deployment, status: DeploymentStatus, at: string): DeploymentStatus {
  const needed = deployment.spec.replicas - fencePosts(deployment).maxUnavailable;
  return (status.availableReplicas ?? 0) >= needed
    ? withCondition(status, {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
        at,
      })
    : withCondition(status, {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
        at,
      });
}

export function calculatedStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  at: string,
): DeploymentStatus {
  const status = counts(deployment, all, newSet);
  const { conditions } = deployment.status ?? {};
  return withAvailability(deployment, { ...status, ...(conditions && { conditions }) }, at);
}

export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const { replicas } = deployment.spec;
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const oldOnes = (s: DeploymentStatus): number => (s.replicas ?? 0) - (s.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOnes(after) < oldOnes(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean {
  const progressing = conditionOf(status, 'Progressing');
  if (!progressing || progressing.reason === 'NewReplicaSetAvailable') return false;
  if (progressing.reason === 'ProgressDeadlineExceeded') return true;
  const from = Date.parse(progressing.lastUpdateTime ?? '');
  return from + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 < nowMs;
}

/** Progress refreshes lastUpdateTime although status and reason stay; nothing else does. */
function withProgress(
  current: Condition | undefined,
  status: DeploymentStatus,
  fields: NewCondition,
): DeploymentStatus {
  if (!current) return withCondition(status, fields);
  const { at, ...rest } = fields;
  const since = current.status === 'True' ? (current.lastTransitionTime ?? at) : at;
  const condition: Condition = { ...rest, lastUpdateTime: at, lastTransitionTime: since };
  return { ...status, conditions: [...without(status, 'Progressing'), condition] };
}

function withRolloutProgress(
  rollout: Rollout,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
): DeploymentStatus {
  const { deployment } = rollout;
  if (!hasDeadline(deployment)) return { ...status, conditions: without(status, 'Progressing') };
  const current = conditionOf(deployment.status, 'Progressing');
  const isAtRest = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (isAtRest) return status;
  const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const at = timestamp(rollout.now());
  const progressing = { type: 'Progressing', at };
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(status, { ...progressing, status: 'True', reason: 'NewReplicaSetAvailable', message });
  }
  if (hasProgressed(deployment.status ?? {}, status)) {
    const message = `${subject} is progressing.`;
    return withProgress(current, status, { ...progressing, status: 'True', reason: 'ReplicaSetUpdated', message });
  }
  if (hasTimedOut(deployment, status, rollout.now())) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(status, { ...progressing, status: 'False', reason: 'ProgressDeadlineExceeded', message });
  }
  return status;
}

function withReplicaFailure(
  status: DeploymentStatus,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): DeploymentStatus {
  const failureOf = (set: ReplicaSet | undefined): Condition | undefined =>
    set?.status?.conditions?.find((c) => c.type === 'ReplicaFailure');
  const failure = failureOf(newSet) ?? all.map(failureOf).find((c) => c !== undefined);
  if (!failure) return { ...status, conditions: without(status, 'ReplicaFailure') };
  const { type, status: value, reason = '', message = '', lastTransitionTime = '' } = failure;
  return withCondition(status, { type, status: value, reason, message, at: lastTransitionTime });
}

/** Seconds of lastUpdateTime are whole, hence the extra one. */
function recheckDeadline(rollout: Rollout, status: DeploymentStatus): void {
  const { deployment } = rollout;
  const progressing = conditionOf(deployment.status, 'Progressing');
  if (!hasDeadline(deployment) || !progressing || progressing.reason === 'ProgressDeadlineExceeded') return;
  if (isComplete(deployment, status)) return;
  const dueAt = Date.parse(progressing.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
  const left = dueAt - rollout.now();
  rollout.recheckAfter(left < 1000 ? Math.max(left + 5, 5) : left + 1000);
}

/** Without a rollout: scaling and pausing do not estimate progress. */
export function syncStatus(rollout: Rollout, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): void {
  const status = calculatedStatus(rollout.deployment, all, newSet, timestamp(rollout.now()));
  if (isSameJson(status, rollout.deployment.status ?? {})) return;
  rollout.setStatus(status);
  rollout.writeStatus();
}

export function syncRolloutStatus(rollout: Rollout, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): void {
  const counted = calculatedStatus(rollout.deployment, all, newSet, timestamp(rollout.now()));
  const status = withReplicaFailure(withRolloutProgress(rollout, counted, newSet), all, newSet);
  if (isSameJson(status, rollout.deployment.status ?? {})) {
    recheckDeadline(rollout, status);
    return;
  }
  rollout.setStatus(status);
  rollout.writeStatus();
}

/** Pausing stops the progress clock: its condition becomes Unknown, and again on resuming. */
export function syncPausedCondition(rollout: Rollout): void {
  const { deployment } = rollout;
  if (!hasDeadline(deployment)) return;
  const current = conditionOf(deployment.status, 'Progressing');
  if (current?.reason === 'ProgressDeadlineExceeded') return;
  const isMarked = current?.reason === 'DeploymentPaused';
  if ((deployment.spec.paused ?? false) === isMarked) return;
  const [reason, message] = isMarked
    ? ['DeploymentResumed', 'Deployment is resumed']
    : ['DeploymentPaused', 'Deployment is paused'];
  const at = timestamp(rollout.now());
  rollout.setStatus(
    withCondition(deployment.status ?? {}, { type: 'Progressing', status: 'Unknown', reason, message, at }),
  );
  rollout.writeStatus();
}
