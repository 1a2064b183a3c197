/** Which pods a ReplicaSet makes (admitted and defaulted as the API server would, or the reason why not) and which it deletes first. */
import type { ControllerContext } from './controllers.ts';
import type { Pod, ReplicaSet } from '../objects.ts';
import { isActive, isReady, pods, resourceQuotas, serviceAccounts } from '../objects.ts';
import { randomSuffix } from './trusted-client.ts';
import { NotYet } from './work-queue.ts';

const tolerations = ['not-ready', 'unreachable'].map((taint) => ({
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** Throws NotYet with the API server's text. */
function ensureAdmitted({ storage, caches }: ControllerContext, set: ReplicaSet, account: string): void {
  const { namespace = '', name } = set.metadata;
  const forbidden = `pods "${name}-" is forbidden`;
  if (!storage.peekOne(serviceAccounts, namespace, account)) {
    throw new NotYet(
      `${forbidden}: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  for (const quota of storage.peek(resourceQuotas, namespace)) {
    const { hard = {} } = quota['spec'] as { hard?: Record<string, string> };
    const used = caches.pods.inNamespace(namespace).filter(isActive).length;
    for (const key of ['pods', 'count/pods']) {
      const limit = hard[key];
      if (limit === undefined || used < Number(limit)) continue;
      throw new NotYet(
        `${forbidden}: exceeded quota: ${quota.metadata.name}, requested: ${key}=1, used: ${key}=${used}, limited: ${key}=${limit}`,
      );
    }
  }
}

function qualityOfService(spec: ReplicaSet['spec']['template']['spec']): string {
  const resources = spec.containers.map((c) => (c['resources'] ?? {}) as { requests?: object; limits?: object });
  if (resources.every((r) => !r.requests && !r.limits)) return 'BestEffort';
  return resources.every((r) => r.limits && JSON.stringify(r.requests ?? r.limits) === JSON.stringify(r.limits))
    ? 'Guaranteed'
    : 'Burstable';
}

export function createPod(context: ControllerContext, set: ReplicaSet): Pod {
  const { metadata: labelled = {}, spec } = set.spec.template;
  const account = spec.serviceAccountName ?? 'default';
  ensureAdmitted(context, set, account);
  const { name, namespace, uid } = set.metadata;
  return context.storage.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${randomSuffix(context.random)}`,
      generateName: `${name}-`,
      namespace,
      ...(labelled.labels && { labels: labelled.labels }),
      ...(labelled.annotations && { annotations: labelled.annotations }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      ...spec,
      enableServiceLinks: spec['enableServiceLinks'] ?? true,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      serviceAccount: account,
      serviceAccountName: account,
      tolerations: [...((spec['tolerations'] as object[] | undefined) ?? []), ...tolerations],
    },
    status: { phase: 'Pending', qosClass: qualityOfService(spec) },
  }) as Pod;
}

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const phases = ['Pending', 'Unknown', 'Running'];

const readySince = (pod: Pod): number =>
  Date.parse(pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '') || 0;

const restarts = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c) => c.restartCount));

/** Ages are compared by their order of magnitude, so that the choice among old pods is arbitrary. */
function magnitude(atMs: number, nowMs: number): number {
  const nanoseconds = (nowMs - atMs) * 1_000_000;
  return nanoseconds > 0 ? Math.floor(Math.log2(nanoseconds)) : -1;
}

/**
 * Orders pods by how little they contribute, for a set that shrinks. `colocated` counts the active pods of the same owner's owner on each node: the more crowded pod goes first.
 */
export function byExpendability(colocated: ReadonlyMap<string, number>, nowMs: number): (a: Pod, b: Pod) => number {
  const criteria: ((pod: Pod) => number)[] = [
    (pod) => (pod.spec.nodeName ? 1 : 0),
    (pod) => phases.indexOf(pod.status?.phase ?? 'Pending'),
    (pod) => (isReady(pod) ? 1 : 0),
    (pod) => Number(pod.metadata.annotations?.[deletionCost] ?? 0),
    (pod) => -(colocated.get(pod.spec.nodeName ?? '') ?? 0),
    (pod) => (isReady(pod) ? magnitude(readySince(pod), nowMs) : 0),
    (pod) => -restarts(pod),
    (pod) => magnitude(Date.parse(pod.metadata.creationTimestamp), nowMs),
  ];
  return (a, b) => {
    for (const criterion of criteria) {
      const difference = criterion(a) - criterion(b);
      if (difference !== 0) return difference;
    }
    return a.metadata.uid < b.metadata.uid ? -1 : 1;
  };
}
