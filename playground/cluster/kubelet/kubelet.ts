/**
 * The simulated nodes: pods are scheduled, images pulled, containers started, probed, restarted and stopped, and logs read. How a
 * container behaves is decided by its image (images.ts). It may assume that pods were admitted; it never creates a pod and knows no
 * Deployment. Delays are drawn from `random` and spent on the world's clock.
 */
import type { WorldClock } from '../../clock.ts';
import type { EventRecorder, EventText } from '../controllers/event-recorder.ts';
import { eventRecorder } from '../controllers/event-recorder.ts';
import type { Container, Pod } from '../objects.ts';
import { configMaps, pods, secrets } from '../objects.ts';
import { type ClusterStorage, StorageError } from '../storage.ts';
import type { Resource, StoredObject } from '../storage-contract.ts';
import type { KubeletTimings } from './container-worker.ts';
import { ContainerWorker, playgroundTimings } from './container-worker.ts';
import type { ImageRegistry } from './images.ts';
import type { LogOptions } from './pod-logs.ts';
import { podLogs } from './pod-logs.ts';
import { podStatus } from './pod-status.ts';
import { ensureNodes, podAddress, schedulePod } from './scheduler.ts';

export interface KubeletOptions {
  storage: ClusterStorage;
  clock: WorldClock;
  /** 0..1. */
  random: () => number;
  images: ImageRegistry;
  timings?: KubeletTimings;
  recordsEvents?: () => boolean;
  /** Default. Otherwise somebody else binds pods to nodes. */
  schedules?: boolean;
}

export interface Kubelet {
  /** Lines of a container; throws LogsUnavailable with the API server's status and text. */
  logs(namespace: string, pod: string, options?: LogOptions): string;
  /** Afterwards nothing of it is left on the clock; pods stay as they are. */
  stop(): void;
}

/** References that must exist before a container can start. */
function missingReference(storage: ClusterStorage, namespace: string, { env, envFrom }: Container): string | undefined {
  const references: { resource: Resource; kind: string; name: string; optional?: boolean; key?: string }[] = [];
  for (const { configMapRef, secretRef } of envFrom ?? []) {
    if (configMapRef) references.push({ resource: configMaps, kind: 'configmap', ...configMapRef });
    if (secretRef) references.push({ resource: secrets, kind: 'secret', ...secretRef });
  }
  for (const { valueFrom } of env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    if (configMapKeyRef) references.push({ resource: configMaps, kind: 'configmap', ...configMapKeyRef });
    if (secretKeyRef) references.push({ resource: secrets, kind: 'secret', ...secretKeyRef });
  }
  for (const { resource, kind, name, optional, key } of references) {
    if (optional) continue;
    const object = storage.peekOne(resource, namespace, name);
    if (!object) return `${kind} "${name}" not found`;
    const values = (object['data'] ?? {}) as Record<string, string>;
    if (key !== undefined && !(key in values)) {
      return `couldn't find key ${key} in ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace}/${name}`;
    }
  }
  return undefined;
}

/** A volume whose source is missing keeps the whole pod from starting. */
function missingVolume(storage: ClusterStorage, { spec, metadata }: Pod): string | undefined {
  for (const { name, configMap, secret } of spec.volumes ?? []) {
    const isMissing = (resource: Resource, source: string): boolean =>
      !storage.peekOne(resource, metadata.namespace, source);
    const failed = `MountVolume.SetUp failed for volume "${name}" : `;
    if (configMap && !configMap.optional && isMissing(configMaps, configMap.name)) {
      return `${failed}configmap "${configMap.name}" not found`;
    }
    if (secret && !secret.optional && isMissing(secrets, secret.secretName)) {
      return `${failed}secret "${secret.secretName}" not found`;
    }
  }
  return undefined;
}

interface NodeContext extends Required<Omit<KubeletOptions, 'recordsEvents'>> {
  recorder: EventRecorder;
  presentImages(node: string): Set<string>;
  nextAddress(node: string): string;
}

/** One pod, from being seen to being gone. */
class PodWorker {
  readonly #context: NodeContext;
  readonly #address: { namespace: string; name: string };
  #pod: Pod;
  #containers: ContainerWorker[] = [];
  #podIP: string | undefined;
  #cancel: () => void = () => undefined;
  #isStopping = false;

  constructor(context: NodeContext, pod: Pod) {
    this.#context = context;
    this.#pod = pod;
    this.#address = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name };
    if (pod.spec.nodeName) this.#run();
    else if (context.schedules)
      this.#later(
        context.timings.scheduleMs,
        () => void schedulePod(context.storage, context.clock, context.recorder, pod),
      );
  }

  /** The object has changed. */
  see(pod: Pod): void {
    const isBound = !this.#pod.spec.nodeName && pod.spec.nodeName !== undefined;
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.#terminate();
    else if (isBound) this.#later(0, () => this.#run());
  }

  stop(): void {
    this.#cancel();
    for (const container of this.#containers) container.stop();
  }

  #later(meanMs: number, run: () => void): void {
    this.#cancel();
    this.#cancel = this.#context.clock.after(meanMs * (0.7 + 0.6 * this.#context.random()), run);
  }

  #record(text: EventText): void {
    this.#context.recorder.record('kubelet', this.#pod, text, this.#pod.spec.nodeName);
  }

  #run(): void {
    const { storage, timings, clock, random, images } = this.#context;
    const { spec, status } = this.#pod;
    const node = spec.nodeName ?? '';
    const present = this.#context.presentImages(node);
    for (const known of status?.containerStatuses ?? []) if (known.imageID) present.add(known.image);
    this.#podIP = status?.podIP;
    this.#containers = spec.containers.map(
      (container) =>
        new ContainerWorker(
          container,
          {
            clock,
            timings,
            random,
            images,
            presentImages: present,
            pod: () => this.#pod,
            missingReference: () => missingReference(storage, this.#address.namespace, container),
            record: (text) => this.#record(text),
            report: () => this.#report(),
          },
          status?.containerStatuses?.find((c) => c.name === container.name),
        ),
    );
    if (status?.containerStatuses === undefined) this.#report();
    this.#mount();
  }

  #mount(): void {
    const failure = missingVolume(this.#context.storage, this.#pod);
    if (failure !== undefined) {
      this.#record({ type: 'Warning', reason: 'FailedMount', message: failure });
      this.#later(this.#context.timings.probeMs, () => this.#mount());
      return;
    }
    this.#podIP ??= this.#context.nextAddress(this.#pod.spec.nodeName ?? '');
    for (const container of this.#containers) container.begin();
  }

  #report(): void {
    const { storage, clock } = this.#context;
    const { namespace, name } = this.#address;
    if (!storage.peekOne(pods, namespace, name)) return;
    const facts = { containers: this.#containers.map((c) => c.status), podIP: this.#podIP, nowMs: clock.now() };
    try {
      storage.revise(pods, namespace, name, (object) => ({ ...object, status: podStatus(object as Pod, facts) }));
    } catch (error) {
      // It is gone, and this worker is told so in a moment.
      if (!(error instanceof StorageError)) throw error;
    }
  }

  #terminate(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.stop();
    for (const { status } of this.#containers) {
      if (!status.state.running) continue;
      const message = `Stopping container ${status.name}`;
      this.#record({ type: 'Normal', reason: 'Killing', message, fieldPath: `spec.containers{${status.name}}` });
    }
    const graceMs = (this.#pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    const { storage, timings } = this.#context;
    const { namespace, name } = this.#address;
    this.#later(Math.min(timings.stopMs, graceMs), () => storage.remove(pods, namespace, name, 0));
  }
}

function nodeContext(options: KubeletOptions, recorder: EventRecorder): NodeContext {
  const present = new Map<string, Set<string>>();
  let sequence = options.storage.peek(pods).length;
  return {
    timings: playgroundTimings,
    schedules: true,
    ...options,
    recorder,
    presentImages(node) {
      const known = present.get(node) ?? new Set<string>();
      present.set(node, known);
      return known;
    },
    nextAddress(node) {
      sequence += 1;
      return podAddress(node, sequence);
    },
  };
}

/** Runs all pods until stopped. */
export function startKubelet(options: KubeletOptions): Kubelet {
  const { storage, clock, images, recordsEvents } = options;
  const recorder = eventRecorder(storage, clock, recordsEvents && { isOn: recordsEvents });
  const context = nodeContext(options, recorder);
  const workers = new Map<string, PodWorker>();
  ensureNodes(storage, clock.now());

  function see(type: string, object: StoredObject): void {
    const { uid } = object.metadata;
    const pod = object as Pod;
    const known = workers.get(uid);
    if (type === 'DELETED') {
      known?.stop();
      workers.delete(uid);
    } else if (known) known.see(pod);
    else {
      const worker = new PodWorker(context, pod);
      workers.set(uid, worker);
      if (pod.metadata.deletionTimestamp !== undefined) worker.see(pod);
    }
  }

  for (const pod of storage.peek(pods)) see('ADDED', pod);
  const unsubscribe = storage.subscribe(({ type, resource, object }) => {
    if (resource.plural === pods.plural && resource.group === '') see(type, object);
  });
  return {
    logs(namespace, name, logOptions = {}) {
      const pod = storage.peekOne(pods, namespace, name) as Pod | undefined;
      return podLogs({ pod, name, images, nowMs: clock.now() }, logOptions);
    },
    stop() {
      unsubscribe();
      recorder.stop();
      for (const worker of workers.values()) worker.stop();
      workers.clear();
    },
  };
}
