/** The ReplicaSet controller: as many pods as asked for, counted in status. Reasons and texts are the real one's. */
import type { ControllerContext } from './controllers.ts';
import type { Condition, Pod, ReplicaSet, ReplicaSetStatus } from '../objects.ts';
import { controllerOf, isActive, isReady, pods, replicaSets, selects } from '../objects.ts';
import { byExpendability, createPod } from './replica-set-pods.ts';
import { replace, replaceStatus, timestamp } from './trusted-client.ts';
import { NotYet, workQueue } from './work-queue.ts';
import { isSameJson } from '../json.ts';

const component = 'replicaset-controller';
const defaultGraceSeconds = 30;

function claimedPods({ storage, caches }: ControllerContext, set: ReplicaSet): Pod[] {
  const { name, namespace = '', uid, deletionTimestamp } = set.metadata;
  const owned = caches.pods.controlledBy(uid);
  if (deletionTimestamp !== undefined) return owned;
  const orphans = caches.pods
    .controlledBy('')
    .filter((pod) => pod.metadata.namespace === namespace && isActive(pod))
    .filter((pod) => selects(set.spec.selector, pod.metadata.labels));
  const reference = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const adopted = orphans.map((pod) =>
    replace(storage, pods, { ...pod, metadata: { ...pod.metadata, ownerReferences: [reference] } }),
  );
  const kept = owned.filter((pod) => selects(set.spec.selector, pod.metadata.labels));
  for (const pod of owned.filter((p) => !kept.includes(p) && isActive(p))) {
    replace(storage, pods, { ...pod, metadata: { ...pod.metadata, ownerReferences: [] } });
  }
  return [...kept, ...adopted];
}

function availableAt(pod: Pod, minReadySeconds: number): number {
  const since = pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime;
  return minReadySeconds === 0 ? 0 : Date.parse(since ?? '') + minReadySeconds * 1000;
}

function withFailure(set: ReplicaSet, active: number, failure: NotYet | undefined, at: string): Condition[] {
  const others = (set.status?.conditions ?? []).filter((c) => c.type !== 'ReplicaFailure');
  const known = set.status?.conditions?.find((c) => c.type === 'ReplicaFailure');
  if (!failure) return others;
  const reason = active < set.spec.replicas ? 'FailedCreate' : 'FailedDelete';
  return [
    ...others,
    known ?? { type: 'ReplicaFailure', status: 'True', reason, message: failure.message, lastTransitionTime: at },
  ];
}

function calculatedStatus(set: ReplicaSet, owned: Pod[], failure: NotYet | undefined, nowMs: number): ReplicaSetStatus {
  const active = owned.filter(isActive);
  const ready = active.filter(isReady);
  const { minReadySeconds = 0, template } = set.spec;
  const labels = template.metadata?.labels ?? {};
  const conditions = withFailure(set, active.length, failure, timestamp(nowMs));
  const numbers = {
    observedGeneration: set.metadata.generation ?? 0,
    fullyLabeledReplicas: active.filter((pod) => selects({ matchLabels: labels }, pod.metadata.labels)).length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => availableAt(pod, minReadySeconds) <= nowMs).length,
  };
  return {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0)),
    terminatingReplicas: owned.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
    ...(conditions.length > 0 && { conditions }),
  };
}

function createMissing(context: ControllerContext, set: ReplicaSet, missing: number): void {
  const { recorder } = context;
  for (let made = 0; made < missing; made += 1) {
    try {
      const pod = createPod(context, set);
      recorder.record(component, set, {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
      });
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      const message = `Error creating: ${error.message}`;
      recorder.record(component, set, { type: 'Warning', reason: 'FailedCreate', message });
      throw error;
    }
  }
}

function deleteSurplus({ storage, caches, clock, recorder }: ControllerContext, set: ReplicaSet, active: Pod[]): void {
  const siblings = caches.replicaSets.controlledBy(controllerOf(set)?.uid ?? set.metadata.uid);
  const colocated = new Map<string, number>();
  for (const pod of [set, ...siblings.filter((s) => s.metadata.uid !== set.metadata.uid)].flatMap((s) =>
    caches.pods.controlledBy(s.metadata.uid).filter(isActive),
  )) {
    colocated.set(pod.spec.nodeName ?? '', (colocated.get(pod.spec.nodeName ?? '') ?? 0) + 1);
  }
  const ranked = active.toSorted(byExpendability(colocated, clock.now()));
  for (const pod of ranked.slice(0, active.length - set.spec.replicas)) {
    const grace = pod.spec.nodeName ? (pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds) : 0;
    storage.remove(pods, pod.metadata.namespace, pod.metadata.name, grace);
    recorder.record(component, set, {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
    });
  }
}

/** Returns why pods could not be made. */
function manage(context: ControllerContext, set: ReplicaSet, active: Pod[]): NotYet | undefined {
  if (set.metadata.deletionTimestamp !== undefined) return undefined;
  try {
    if (active.length < set.spec.replicas) createMissing(context, set, set.spec.replicas - active.length);
    else if (active.length > set.spec.replicas) deleteSurplus(context, set, active);
    return undefined;
  } catch (error) {
    if (error instanceof NotYet) return error;
    throw error;
  }
}

/** The counts are those of before its own acts: what it made or deleted is counted when the event comes back. */
function syncReplicaSet(context: ControllerContext, set: ReplicaSet, recheckAfter: (ms: number) => void): void {
  const owned = claimedPods(context, set);
  const active = owned.filter(isActive);
  const failure = manage(context, set, active);
  const nowMs = context.clock.now();
  const status = calculatedStatus(set, owned, failure, nowMs);
  if (!isSameJson(status, set.status ?? {})) replaceStatus(context.storage, replicaSets, { ...set, status });
  const nextAt = active
    .filter(isReady)
    .map((pod) => availableAt(pod, set.spec.minReadySeconds ?? 0))
    .filter((at) => at > nowMs);
  if (nextAt.length > 0) recheckAfter(Math.min(...nextAt) - nowMs);
  if (failure) throw failure;
}

/** Watches ReplicaSets and pods until stopped. */
export function startReplicaSetController(context: ControllerContext): () => void {
  const { storage, clock, caches } = context;
  const queue = workQueue(clock, (key) => {
    const [namespace, name = ''] = key.split('/');
    const set = caches.replicaSets.get(namespace, name);
    if (set) syncReplicaSet(context, set, (ms) => queue.addAfter(key, ms));
  });
  for (const set of caches.replicaSets.all()) queue.add(`${set.metadata.namespace ?? ''}/${set.metadata.name}`);
  const unsubscribe = storage.subscribe(({ resource, object, previous }) => {
    const namespace = object.metadata.namespace ?? '';
    if (resource.plural === 'replicasets') queue.add(`${namespace}/${object.metadata.name}`);
    if (resource.plural !== 'pods') return;
    for (const pod of previous ? [object, previous] : [object]) {
      const owner = controllerOf(pod);
      if (owner?.kind === 'ReplicaSet') queue.add(`${namespace}/${owner.name}`);
      else if (!owner) {
        const matching = caches.replicaSets
          .inNamespace(namespace)
          .filter((set) => selects(set.spec.selector, pod.metadata.labels));
        for (const set of matching) queue.add(`${namespace}/${set.metadata.name}`);
      }
    }
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}
