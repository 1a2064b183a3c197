/** Keeps the status of PodDisruptionBudgets and HorizontalPodAutoscalers current. Autoscalers report; load never changes here. */
import { isDeepStrictEqual } from 'node:util';
import type { Resource, StoredObject } from '../storage-contract.ts';
import type { ControllerContext } from './controllers.ts';
import type { LabelSelector } from '../objects.ts';
import {
  controllerOf,
  horizontalPodAutoscalers,
  isActive,
  isReady,
  podDisruptionBudgets,
  selects,
} from '../objects.ts';
import { timestamp } from './trusted-client.ts';
import { workQueue } from './work-queue.ts';

function share(value: number | string | undefined, of: number): number | undefined {
  return typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) * of) / 100) : value;
}

function expectedPods({ caches }: ControllerContext, namespace: string, selector: LabelSelector): number {
  return caches.deployments
    .inNamespace(namespace)
    .filter((d) => selects(selector, d.spec.template.metadata?.labels))
    .reduce((sum, d) => sum + d.spec.replicas, 0);
}

function budgetStatus(context: ControllerContext, budget: StoredObject): object {
  const {
    minAvailable,
    maxUnavailable,
    selector = {},
  } = budget['spec'] as {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector?: LabelSelector;
  };
  const namespace = budget.metadata.namespace ?? '';
  const matching = context.caches.pods
    .inNamespace(namespace)
    .filter((pod) => isActive(pod) && selects(selector, pod.metadata.labels));
  const expected = expectedPods(context, namespace, selector) || matching.length;
  const mayMiss = share(maxUnavailable, expected);
  const desiredHealthy = share(minAvailable, expected) ?? Math.max(0, expected - (mayMiss ?? 0));
  const currentHealthy = matching.filter(isReady).length;
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  const known = (budget['status'] as { conditions?: { status: string; lastTransitionTime: string }[] } | undefined)
    ?.conditions?.[0];
  const status = disruptionsAllowed > 0 ? 'True' : 'False';
  const since = known?.status === status ? known.lastTransitionTime : timestamp(context.clock.now());
  return {
    conditions: [
      {
        type: 'DisruptionAllowed',
        status,
        reason: disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods',
        message: '',
        observedGeneration: budget.metadata.generation,
        lastTransitionTime: since,
      },
    ],
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods: expected,
    observedGeneration: budget.metadata.generation,
  };
}

function autoscalerStatus(context: ControllerContext, autoscaler: StoredObject): object {
  const { scaleTargetRef } = autoscaler['spec'] as { scaleTargetRef: { name: string } };
  const target = context.caches.deployments.get(autoscaler.metadata.namespace, scaleTargetRef.name);
  return {
    ...(autoscaler['status'] as object | undefined),
    currentReplicas: target?.status?.replicas ?? 0,
    desiredReplicas: target?.spec.replicas ?? 0,
  };
}

function sync(context: ControllerContext, key: string): void {
  const [plural, namespace, name = ''] = key.split('/');
  const resource: Resource = plural === podDisruptionBudgets.plural ? podDisruptionBudgets : horizontalPodAutoscalers;
  const object = context.storage.peekOne(resource, namespace, name);
  if (!object) return;
  const status = resource === podDisruptionBudgets ? budgetStatus(context, object) : autoscalerStatus(context, object);
  if (!isDeepStrictEqual(status, object['status'])) {
    context.storage.change(resource, namespace, name, (current) => ({ ...current, status }));
  }
}

/** Watches budgets, autoscalers and what they count until stopped. */
export function startDisruptionController(context: ControllerContext): () => void {
  const { storage, clock } = context;
  const queue = workQueue(clock, (key) => sync(context, key));
  const enqueue = (resource: Resource, namespace?: string): void => {
    for (const { metadata } of storage.peek(resource, namespace)) {
      queue.add(`${resource.plural}/${metadata.namespace ?? ''}/${metadata.name}`);
    }
  };
  enqueue(podDisruptionBudgets);
  enqueue(horizontalPodAutoscalers);
  const unsubscribe = storage.subscribe(({ resource, object }) => {
    const { namespace } = object.metadata;
    if (resource.plural === 'pods' && controllerOf(object)) enqueue(podDisruptionBudgets, namespace);
    else if (resource.plural === 'deployments') enqueue(horizontalPodAutoscalers, namespace);
    else if (resource.plural === podDisruptionBudgets.plural) enqueue(podDisruptionBudgets, namespace);
    else if (resource.plural === horizontalPodAutoscalers.plural) enqueue(horizontalPodAutoscalers, namespace);
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}
