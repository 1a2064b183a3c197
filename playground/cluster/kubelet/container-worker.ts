/** One container from pulling its image to its end: states, restarts with back-off, and the events that tell of it. */
import { createHash } from 'node:crypto';
import type { WorldClock } from '../../clock.ts';
import type { EventText } from '../controllers/event-recorder.ts';
import { timestamp } from '../controllers/trusted-client.ts';
import type { Container, ContainerStatus, Pod } from '../objects.ts';
import type { ImageRegistry } from './images.ts';

/** Mean durations in world time; each is drawn ±30 %. */
export interface KubeletTimings {
  scheduleMs: number;
  pullMs: number;
  startMs: number;
  readyMs: number;
  stopMs: number;
  /** From start to exit of a container that crashes. */
  crashMs: number;
  /** First back-off of pulls and restarts; doubles up to 300 s. */
  backOffMs: number;
  /** Between failing probes, and between tries with a missing ConfigMap. */
  probeMs: number;
}

/** Ready in one to two seconds. */
export const playgroundTimings: KubeletTimings = {
  scheduleMs: 40,
  pullMs: 500,
  startMs: 150,
  readyMs: 700,
  stopMs: 700,
  crashMs: 400,
  backOffMs: 10_000,
  probeMs: 10_000,
};

/** Ready in about 30 ms, for tests. */
export const fastTimings: KubeletTimings = {
  scheduleMs: 2,
  pullMs: 8,
  startMs: 4,
  readyMs: 12,
  stopMs: 10,
  crashMs: 5,
  backOffMs: 10_000,
  probeMs: 10_000,
};

const longestBackOffMs = 300_000;

/** What a container needs of its pod and node. */
export interface ContainerSurroundings {
  clock: WorldClock;
  timings: KubeletTimings;
  random: () => number;
  images: ImageRegistry;
  /** On this node, once pulled. */
  presentImages: Set<string>;
  pod(): Pod;
  /** The text of the first reference of the container that leads nowhere: `configmap "x" not found`. */
  missingReference(): string | undefined;
  record(text: EventText): void;
  /** Status has changed. */
  report(): void;
}

export class ContainerWorker {
  status: ContainerStatus;
  readonly #container: Container;
  readonly #around: ContainerSurroundings;
  #cancel: () => void = () => undefined;
  #backOffMs = 0;
  #pullBackOffMs = 0;

  constructor(container: Container, around: ContainerSurroundings, known: ContainerStatus | undefined) {
    this.#container = container;
    this.#around = around;
    this.status = known ?? {
      name: container.name,
      image: container.image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
    };
  }

  /** Begins, or goes on where a known status left off. */
  begin(): void {
    const { state, ready } = this.status;
    if (state.running && ready) return;
    if (state.running) this.#afterStart();
    else if (state.waiting?.reason === 'CrashLoopBackOff')
      this.#later(this.#around.timings.backOffMs, () => this.#start());
    else this.#pull();
  }

  stop(): void {
    this.#cancel();
  }

  #later(meanMs: number, run: () => void): void {
    this.#cancel = this.#around.clock.after(meanMs * (0.7 + 0.6 * this.#around.random()), run);
  }

  #event(type: EventText['type'], reason: string, message: string): void {
    this.#around.record({ type, reason, message, fieldPath: `spec.containers{${this.#container.name}}` });
  }

  #set(change: Partial<ContainerStatus>): void {
    this.status = { ...this.status, ...change };
    this.#around.report();
  }

  #wait(reason: string, message: string): void {
    this.#set({ ready: false, started: false, state: { waiting: { reason, message } } });
  }

  #now(): string {
    return timestamp(this.#around.clock.now());
  }

  #pull(): void {
    const { image } = this.#container;
    const { images, presentImages, timings } = this.#around;
    const isPresent = presentImages.has(image) && images.behaviourOf(image) !== 'not-found';
    if (isPresent && this.#container['imagePullPolicy'] !== 'Always') {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      this.#event('Normal', 'Pulled', message);
      this.#later(timings.startMs, () => this.#start());
      return;
    }
    this.#event('Normal', 'Pulling', `Pulling image "${image}"`);
    const beganAt = this.#around.clock.now();
    this.#later(timings.pullMs, () => this.#pulled(this.#around.clock.now() - beganAt));
  }

  #pulled(tookMs: number): void {
    const { image } = this.#container;
    const { images, presentImages, timings } = this.#around;
    if (images.behaviourOf(image) === 'not-found') {
      this.#pullFailed();
      return;
    }
    presentImages.add(image);
    const bytes = 80_000_000 + (createHash('sha256').update(image).digest().readUInt32BE() % 60_000_000);
    const took = `${Math.round(tookMs)}ms`;
    const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${bytes} bytes.`;
    this.#event('Normal', 'Pulled', message);
    this.#later(timings.startMs, () => this.#start());
  }

  #pullFailed(): void {
    const { image } = this.#container;
    const reason = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    this.#event('Warning', 'Failed', `Failed to pull image "${image}": ${reason}`);
    this.#event('Warning', 'Failed', 'Error: ErrImagePull');
    this.#wait('ErrImagePull', reason);
    this.#pullBackOffMs = Math.min(this.#pullBackOffMs * 2 || this.#around.timings.backOffMs, longestBackOffMs);
    const again = this.#pullBackOffMs;
    this.#later(Math.min(again / 4, this.#around.timings.pullMs * 2), () => {
      this.#event('Normal', 'BackOff', `Back-off pulling image "${image}"`);
      this.#event('Warning', 'Failed', 'Error: ImagePullBackOff');
      this.#wait('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${reason}`);
      this.#later(again, () => this.#pull());
    });
  }

  #start(): void {
    const missing = this.#around.missingReference();
    if (missing !== undefined) {
      this.#event('Warning', 'Failed', `Error: ${missing}`);
      this.#wait('CreateContainerConfigError', missing);
      this.#later(this.#around.timings.probeMs, () => this.#start());
      return;
    }
    const containerID = `containerd://${createHash('sha256')
      .update(`${this.#around.pod().metadata.uid}/${this.#container.name}/${this.status.restartCount}`)
      .digest('hex')}`;
    this.#event('Normal', 'Created', 'Container created');
    this.#event('Normal', 'Started', 'Container started');
    const isCrashing = this.#around.images.behaviourOf(this.#container.image) === 'crash-loop';
    const isReadyAtOnce = this.#container.readinessProbe === undefined && !isCrashing;
    this.#set({
      imageID: this.#around.images.digestOf(this.#container.image),
      containerID,
      started: true,
      ready: isReadyAtOnce,
      state: { running: { startedAt: this.#now() } },
    });
    if (!isReadyAtOnce) this.#afterStart();
  }

  #afterStart(): void {
    const { images, timings } = this.#around;
    const behaviour = images.behaviourOf(this.#container.image);
    if (behaviour === 'crash-loop') this.#later(timings.crashMs, () => this.#crash());
    else if (behaviour === 'never-ready') this.#later(timings.readyMs, () => this.#failProbe());
    else this.#later(timings.readyMs, () => this.#set({ ready: true }));
  }

  #failProbe(): void {
    this.#event('Warning', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503');
    this.#later(this.#around.timings.probeMs, () => this.#failProbe());
  }

  /** The first exit is followed by a restart at once, the next ones by growing back-offs. */
  #crash(): void {
    const { metadata } = this.#around.pod();
    const { containerID, state } = this.status;
    const terminated = {
      exitCode: 1,
      reason: 'Error',
      startedAt: state.running?.startedAt ?? this.#now(),
      finishedAt: this.#now(),
      ...(containerID && { containerID }),
    };
    this.#set({ ready: false, started: false, state: { terminated } });
    const backOff = this.#backOffMs;
    this.#backOffMs = Math.min(backOff * 2 || this.#around.timings.backOffMs, longestBackOffMs);
    const restart = (): void => {
      this.status = { ...this.status, restartCount: this.status.restartCount + 1, lastState: { terminated } };
      this.#pull();
    };
    const { crashMs } = this.#around.timings;
    if (backOff === 0) {
      this.#later(crashMs / 2, restart);
      return;
    }
    this.#later(crashMs / 2, () => {
      const pod = `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`;
      const name = this.#container.name;
      this.#event('Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${pod}`);
      const message = `back-off ${durationText(backOff)} restarting failed container=${name} pod=${pod}`;
      this.#set({ state: { waiting: { reason: 'CrashLoopBackOff', message } }, lastState: { terminated } });
      this.#later(backOff, restart);
    });
  }
}

/** Go's way to write a duration: 10s, 1m20s. */
function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
