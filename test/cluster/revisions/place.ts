/** One namespace with StatefulSets and DaemonSets, the product's method in it, and kubectl beside. */
import { createMethods } from '#methods/index.ts';
import type { FurtherStep, MethodTarget, PlannedChange, Progress } from '#methods/method.ts';
import { ApiError, type KubernetesObject } from '#clients/kubernetes/api.ts';
import { historyOf, type WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import { workloads } from '#clients/kubernetes/workloads.ts';
import { isRefusal, type Refusal } from '#rollback/failure.ts';
import { kubectl, type Told } from '../against-kubectl/kubectl.ts';
import { clock, eventually, type Plane } from '../plane.ts';

type Kind = 'StatefulSet' | 'DaemonSet';

interface RawRevision extends KubernetesObject {
  revision: number;
  data: unknown;
}

interface RawWorkload extends KubernetesObject {
  spec: { template: { spec: { containers: { image: string }[] } } };
}

/** What `kubectl rollout undo` decides about: the spec, and each version with its number. */
export interface Picture {
  spec: unknown;
  annotations: Record<string, string>;
  revisions: { name: string; revision: number; data: unknown }[];
}

/** A patch that was made, and what comes of it. */
export interface Made {
  operation: string;
  receipt: unknown;
  progress(sinceMs?: number): Promise<Progress>;
  next(sinceMs?: number): Promise<FurtherStep<unknown>[]>;
}

const OPERATION = 'ops.lomashwood.com/operation';

export class Place {
  readonly view;
  readonly method;
  readonly #plane: Plane;
  #made = 0;

  constructor(plane: Plane) {
    this.#plane = plane;
    const { api, namespace } = plane;
    const view = workloads({ api, namespace, clock, kinds: new Set(['StatefulSet', 'DaemonSet'] as const) });
    this.view = view;
    this.method = createMethods({ workloads: () => view, clock })('undo');
  }

  async start(): Promise<void> {
    await this.view.start(this.#plane.signal);
    const further = [this.view.statefulSets, this.view.daemonSets, this.view.controllerRevisions];
    await eventually('the further kinds are seen', () => further.every((cache) => cache?.isSynced()) || undefined);
  }

  #path(kind: Kind, name = ''): string {
    const collection = `/apis/apps/v1/namespaces/${this.#plane.namespace}/${kind.toLowerCase()}s`;
    return name === '' ? collection : `${collection}/${name}`;
  }

  kubectl(words: string): Promise<Told> {
    return kubectl(this.#plane.namespace, words);
  }

  async create(kind: Kind, object: object): Promise<void> {
    await this.#plane.api.create(this.#path(kind), object, { signal: this.#plane.signal });
  }

  async merge(kind: Kind, name: string, patch: object): Promise<void> {
    await this.#plane.api.mergePatch(this.#path(kind, name), patch, { signal: this.#plane.signal });
  }

  async setImage(kind: Kind, name: string, image: string): Promise<void> {
    const patch = [{ op: 'replace' as const, path: '/spec/template/spec/containers/0/image', value: image }];
    await this.#plane.api.jsonPatch(this.#path(kind, name), patch, { signal: this.#plane.signal });
  }

  /** Exactly this one: another of its name, which came meanwhile, stays. */
  async removePod({ name, uid }: { name: string; uid: string }): Promise<void> {
    const { api, namespace, signal } = this.#plane;
    await api.delete(`/api/v1/namespaces/${namespace}/pods/${name}`, { signal, uid }).catch((error: unknown) => {
      if (!(error instanceof ApiError) || ![404, 409].includes(error.status)) throw error;
    });
  }

  read(kind: Kind, name: string): Promise<RawWorkload> {
    return this.#plane.api.get<RawWorkload>(this.#path(kind, name), { signal: this.#plane.signal });
  }

  async image(kind: Kind, name: string): Promise<string | undefined> {
    return (await this.read(kind, name)).spec.template.spec.containers[0]?.image;
  }

  async picture(kind: Kind, name: string): Promise<Picture> {
    const { api, namespace, signal } = this.#plane;
    const { metadata, spec } = await this.read(kind, name);
    const path = `/apis/apps/v1/namespaces/${namespace}/controllerrevisions?labelSelector=app%3D${name}`;
    const { items } = await api.get<{ items: RawRevision[] }>(path, { signal });
    const { [OPERATION]: _mark, ...annotations } = metadata.annotations ?? {};
    const revisions = items
      .filter((raw) => raw.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
      .map((raw) => ({ name: raw.metadata.name, revision: raw.revision, data: raw['data'] }))
      .toSorted((a, b) => a.revision - b.revision);
    return { spec, annotations, revisions };
  }

  history(kind: Kind, name: string): WorkloadHistory | undefined {
    return historyOf(this.view, kind, name);
  }

  /** The newest version runs in every pod that it is for, and its number is written down. */
  async settled(kind: Kind, name: string, image: string): Promise<void> {
    await eventually(`${name} runs ${image} everywhere`, () => {
      const seen = this.#numbered(kind, name, image);
      if (seen === undefined) return undefined;
      const { replicas, status } = seen.workload;
      const { updatedReplicas, availableReplicas } = status;
      const isComplete =
        replicas > 0 && [status.replicas, updatedReplicas, availableReplicas].every((n) => n === replicas);
      return isComplete || undefined;
    });
  }

  /** The newest version is written down, though its pods may not run. */
  async taken(kind: Kind, name: string, image: string): Promise<void> {
    await eventually(`${name} was told to run ${image}`, () => this.#numbered(kind, name, image));
  }

  #numbered(kind: Kind, name: string, image: string): WorkloadHistory | undefined {
    const seen = this.history(kind, name);
    if (seen === undefined || seen.workload.images['main'] !== image) return undefined;
    const { workload, versions } = seen;
    const newest = Math.max(...versions.map(({ revision }) => revision));
    const isTaken = workload.observedGeneration >= workload.generation && workload.revision === newest;
    return isTaken ? seen : undefined;
  }

  /** A pod of this image is there and will not become ready. */
  async stuck(kind: Kind, name: string, image: string): Promise<string> {
    return eventually(`a pod of ${image} is stuck`, () => {
      const seen = this.history(kind, name);
      const pod = seen?.pods.find((p) => !p.ready && p.containers.some((c) => c.image === image && c.waiting));
      return pod?.name;
    });
  }

  /** Deploys one version after the other, each complete before the next, or stuck and written down as the newest. */
  async deploy(kind: Kind, name: string, object: (image: string) => object, tags: readonly string[]): Promise<void> {
    for (const [index, tag] of tags.entries()) {
      const image = `${name}:${tag}`;
      if (index === 0) await this.create(kind, object(image));
      else await this.setImage(kind, name, image);
      await this.taken(kind, name, image);
      await (/-(broken|crash|never-ready)$/.test(tag)
        ? this.stuck(kind, name, image)
        : this.settled(kind, name, image));
    }
  }

  plan(kind: Kind, name: string, to?: string): Promise<{ summary: PlannedChange; steps: unknown[] } | Refusal> {
    const { namespace, signal } = this.#plane;
    const target: MethodTarget = {
      environment: 'production',
      service: name,
      namespace,
      kind,
      workload: name,
      ...(to === undefined ? {} : { to }),
      avoid: new Set(),
      ranWell: new Map(),
    };
    return this.method.plan(target, signal);
  }

  /** The one step of a plan, as it comes back from the status. */
  async planned(kind: Kind, name: string, to?: string): Promise<unknown> {
    const answer = await this.plan(kind, name, to);
    if (isRefusal(answer)) throw new Error(answer.message);
    return JSON.parse(JSON.stringify(answer.steps[0])) as unknown;
  }

  async patched(step: unknown): Promise<Made> {
    const operation = `uid/${(this.#made += 1)}/1`;
    const { signal } = this.#plane;
    const receipt = await this.method.apply(step, operation, signal);
    if (isRefusal(receipt as object)) throw new Error((receipt as Refusal).message);
    return {
      operation,
      receipt,
      progress: (sinceMs = 0) => this.method.progress(step, receipt, sinceMs, signal),
      next: async (sinceMs = 0) => (await this.method.next?.(step, receipt, sinceMs, signal)) ?? [],
    };
  }

  async rolledBack(kind: Kind, name: string, to?: string): Promise<Made> {
    return this.patched(await this.planned(kind, name, to));
  }
}

/** Looks until it is one of these; answers that and every state on the way. */
export async function followed(made: Made, sinceMs = 0): Promise<Progress & { states: string[] }> {
  const states = new Set<string>();
  const last = await eventually('it comes to an end', async () => {
    const progress = await made.progress(sinceMs);
    states.add(progress.state);
    return progress.state === 'progressing' ? undefined : progress;
  });
  return { ...last, states: [...states] };
}
