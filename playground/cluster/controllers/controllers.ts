/**
 * The simulated kube-controller-manager: Deployments, ReplicaSets, owners, namespaces and disruption budgets, over the storage and the
 * world's clock. It may assume that objects were admitted (defaulted, validated); pods that it creates itself it defaults here. It starts
 * no container (kubelet/ does), answers no request, and behaves as Kubernetes 1.37's own controllers do where a client can tell.
 */
import type { WorldClock } from '../../clock.ts';
import type { ClusterStorage } from '../storage.ts';
import { startDeploymentController } from './deployment-controller.ts';
import { startDisruptionController } from './disruption-controller.ts';
import type { EventRecorder } from './event-recorder.ts';
import { eventRecorder } from './event-recorder.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startNamespaceController } from './namespace-controller.ts';
import type { Deployment, Pod, ReplicaSet } from '../objects.ts';
import { deployments, pods, replicaSets } from '../objects.ts';
import { startReplicaSetController } from './replica-set-controller.ts';
import type { ObjectCache } from './trusted-client.ts';
import { objectCache } from './trusted-client.ts';

export interface ControllerContext {
  storage: ClusterStorage;
  clock: WorldClock;
  /** 0..1. */
  random: () => number;
  recorder: EventRecorder;
  caches: { deployments: ObjectCache<Deployment>; replicaSets: ObjectCache<ReplicaSet>; pods: ObjectCache<Pod> };
}

export interface ControllerOptions {
  storage: ClusterStorage;
  clock: WorldClock;
  random: () => number;
  /** Asked before each Event is written; default: always. */
  recordsEvents?: () => boolean;
}

/** Runs all controllers until stopped; afterwards nothing of them is left on the clock. */
export function startControllers({ storage, clock, random, recordsEvents }: ControllerOptions): { stop(): void } {
  const recorder = eventRecorder(storage, clock, recordsEvents && { isOn: recordsEvents });
  const caches = {
    deployments: objectCache<Deployment>(storage, deployments),
    replicaSets: objectCache<ReplicaSet>(storage, replicaSets),
    pods: objectCache<Pod>(storage, pods),
  };
  const context: ControllerContext = { storage, clock, random, recorder, caches };
  const stops = [
    startNamespaceController(context),
    // ReplicaSets first: a Deployment's next step sees what they made of the last one, as it does where each step takes a few requests.
    startReplicaSetController(context),
    startDeploymentController(context),
    startDisruptionController(context),
    startGarbageCollector(context),
    () => recorder.stop(),
    ...Object.values(caches).map((cache) => () => cache.stop()),
  ];
  return {
    stop() {
      for (const stop of stops) stop();
    },
  };
}
