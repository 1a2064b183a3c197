/** One namespace on a plane, simulated or real, for one sequence. */
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import type { Hands } from './deed.ts';
import { controllerOf } from '#playground/cluster/objects.ts';
import type { Objects } from './rest.ts';
import type { SeenEvent } from './view.ts';

/** What is still to happen; undefined when nothing is. */
export type StillTo = (objects: Objects) => string | undefined;

export interface Plane {
  hands: Hands;
  /** Resolves with what is there then, and for good; rejects with Restless when it does not come. */
  until(still: StillTo): Promise<Objects>;
  /** The same for what may be over a moment later. */
  untilOnce(still: StillTo): Promise<void>;
  /** Events are told late: resolves when those that are told satisfy, or with what was told when they do not in time. */
  events(doSatisfy: (events: readonly SeenEvent[]) => boolean): Promise<SeenEvent[]>;
  close(): Promise<void>;
}

/** The plane did not come to rest; the message says what was still to happen, `objects` what is there. */
export class Restless extends Error {
  override name = 'Restless';
  readonly objects: Objects;
  constructor(stillTo: string | undefined, objects: Objects) {
    super(stillTo);
    this.objects = objects;
  }
}

export interface RawEvent extends KubernetesObject {
  involvedObject: { kind: string };
  type: string;
  reason: string;
}

export const seenEvent = ({ involvedObject, type, reason }: RawEvent): SeenEvent => ({
  kind: involvedObject.kind,
  type,
  reason,
});

export const untilPodGone =
  (uid: string): StillTo =>
  ({ pods }) =>
    pods.some((pod) => pod.metadata.uid === uid) ? 'the pod is still there' : undefined;

/** ReplicaSets that were let go may stay, with their pods. */
export const untilGone: StillTo = ({ deployments, replicaSets, pods }) => {
  if (deployments.length > 0) return 'the Deployment is still there';
  if (replicaSets.some((set) => controllerOf(set))) return 'ReplicaSets still have their owner';
  const owners = new Set(replicaSets.map((set) => set.metadata.uid));
  const isEach = pods.every((pod) => owners.has(controllerOf(pod)?.uid ?? ''));
  return isEach ? undefined : 'pods of the Deployment are still there';
};
