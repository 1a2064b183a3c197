/** One Deployment of a test, with what belongs to it. An image tag that ends in -broken cannot be pulled, one in -crash crashes. */
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import type { Condition, Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations, controllerOf, isActive } from '#playground/cluster/objects.ts';
import { eventually, type Plane } from './plane.ts';

export const EXCEEDED = 'ProgressDeadlineExceeded';
/** Some seconds, as `eventually` looks. */
const LOOKS_BEFORE_NUDGE = 300;

export interface DeploymentSketch {
  tag?: string;
  annotations?: Record<string, string>;
  spec?: Partial<Deployment['spec']>;
}

export function deployment(
  name: string,
  { tag = 'v1', annotations: marks = {}, spec = {} }: DeploymentSketch = {},
): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name }, annotations: marks },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: `example/${name}:${tag}` }] },
      },
      ...spec,
    },
  };
}

export const revisionOf = ({ metadata }: KubernetesObject | ReplicaSet | Deployment): string | undefined =>
  metadata.annotations?.[annotations.revision];

/** The tag of the first container. */
export const tagOf = ({ spec }: Pick<ReplicaSet | Deployment, 'spec'>): string =>
  spec.template.spec.containers[0]?.image.split(':').at(-1) ?? '';

export const condition = ({ status }: Deployment, type: string): Condition | undefined =>
  status?.conditions?.find((c) => c.type === type);

/** Whether the controller has seen the newest spec. */
export const isObserved = ({ status, metadata }: Pick<Deployment, 'status' | 'metadata'>): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);

/** As `kubectl rollout status` sees it. */
export const isComplete = ({ spec, status = {}, metadata }: Deployment): boolean =>
  isObserved({ status, metadata }) &&
  (status.updatedReplicas ?? 0) === spec.replicas &&
  (status.replicas ?? 0) === spec.replicas &&
  (status.availableReplicas ?? 0) === spec.replicas;

/** Whether as many pods are there as its ReplicaSets are to have, ready or not. */
const areMade = ({
  status: { replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = {},
}: Deployment): boolean => replicas === availableReplicas + unavailableReplicas;

export class Workload {
  readonly name: string;
  readonly path: string;
  readonly #plane: Plane;

  constructor(plane: Plane, name: string) {
    this.#plane = plane;
    this.name = name;
    this.path = `/apis/apps/v1/namespaces/${plane.namespace}/deployments/${name}`;
  }

  get #selector(): string {
    return `labelSelector=${encodeURIComponent(`app=${this.name}`)}`;
  }

  async #list<T>(base: string, plural: string): Promise<T[]> {
    const path = `${base}/namespaces/${this.#plane.namespace}/${plural}?${this.#selector}`;
    return (await this.#plane.api.get<{ items: T[] }>(path, { signal: this.#plane.signal })).items;
  }

  create(sketch?: DeploymentSketch): Promise<Deployment> {
    const body = deployment(this.name, sketch);
    return this.#plane.api.create<Deployment>(this.path.replace(/\/[^/]+$/, ''), body, { signal: this.#plane.signal });
  }

  read(): Promise<Deployment> {
    return this.#plane.api.get<Deployment>(this.path, { signal: this.#plane.signal });
  }

  /** Merge patch. */
  change(patch: object): Promise<Deployment> {
    return this.#plane.api.mergePatch<Deployment>(this.path, patch, { signal: this.#plane.signal });
  }

  /** A new version, with annotations in the same write. */
  deploy(tag: string, marks: Record<string, string> = {}): Promise<Deployment> {
    const containers = [{ name: 'main', image: `example/${this.name}:${tag}` }];
    return this.change({ metadata: { annotations: marks }, spec: { template: { spec: { containers } } } });
  }

  scale(replicas: number): Promise<Deployment> {
    return this.change({ spec: { replicas } });
  }

  delete(): Promise<void> {
    return this.#plane.api.delete(this.path, { signal: this.#plane.signal });
  }

  /** Its own, by revision. */
  async sets(): Promise<ReplicaSet[]> {
    const { metadata } = await this.read();
    const all = await this.#list<ReplicaSet>('/apis/apps/v1', 'replicasets');
    const own = all.filter((set) => controllerOf(set)?.uid === metadata.uid);
    return own.toSorted((a, b) => Number(revisionOf(a)) - Number(revisionOf(b)));
  }

  /** Revision and tag of each ReplicaSet: `['1 v1', '2 v2']`. */
  async history(): Promise<string[]> {
    return (await this.sets()).map((set) => `${revisionOf(set)} ${tagOf(set)}`);
  }

  /** Those that are not going. */
  async pods(): Promise<Pod[]> {
    return (await this.#list<Pod>('/api/v1', 'pods')).filter(isActive);
  }

  /** Waits until the controller has seen the newest spec, and the Deployment is as wanted: before that its counts are of an older one. */
  until(what: string, isSo: (deployment: Deployment) => boolean | Promise<boolean>): Promise<Deployment> {
    return eventually(`${this.name}: ${what}`, async () => {
      const read = await this.read();
      return isObserved(read) && (await isSo(read)) && read;
    });
  }

  /** Waits until the controller has seen the newest spec. */
  observed(): Promise<Deployment> {
    return this.until('its newest spec seen', () => true);
  }

  /** Waits until the controller has seen the newest spec, and both it and its ReplicaSet have this revision. */
  numbered(revision: number): Promise<Deployment> {
    const isNumbered = (object: Deployment | ReplicaSet): boolean => revisionOf(object) === String(revision);
    return this.until(`at revision ${revision}`, async (d) => isNumbered(d) && (await this.sets()).some(isNumbered));
  }

  /** Waits until the rollout is over and said to be. */
  complete(revision?: number): Promise<Deployment> {
    return this.until(`complete at revision ${revision ?? 'any'}`, (d) => {
      const isSaid = condition(d, 'Progressing')?.reason === 'NewReplicaSetAvailable';
      return isComplete(d) && isSaid && (revision === undefined || revisionOf(d) === String(revision));
    });
  }

  /** Waits for the condition to have this reason. */
  reason(type: string, reason: string): Promise<Deployment> {
    return this.until(`${type} because of ${reason}`, (d) => condition(d, type)?.reason === reason);
  }

  /**
   * Waits until the controller says that the deadline has passed, and no pod is still to be made: a busy one says so between two steps. Its
   * own look at the clock stands in a queue whose pace all Deployments share, so on a busy plane one that changes is looked at first.
   */
  exceeded(isMeant: (deployment: Deployment) => boolean = () => true): Promise<Deployment> {
    let looks = 0;
    return this.until('its deadline passed', async (d) => {
      if (condition(d, 'Progressing')?.reason === EXCEEDED && areMade(d) && isMeant(d)) return true;
      looks += 1;
      if (looks % LOOKS_BEFORE_NUDGE === 0) await this.change({ metadata: { annotations: { looks: String(looks) } } });
      return false;
    });
  }

  /** Deploys one version after the other, each to its end. */
  async versions(tags: readonly [string, ...string[]], sketch: DeploymentSketch = {}): Promise<Deployment> {
    let last = await this.create({ ...sketch, tag: tags[0] });
    await this.complete(1);
    for (const [index, tag] of tags.slice(1).entries()) {
      await this.deploy(tag);
      last = await this.complete(index + 2);
    }
    return last;
  }

  /** Texts of the events of a reason about the Deployment or what belongs to it, oldest first. */
  async events(reason: string): Promise<string[]> {
    const selector = encodeURIComponent(`reason=${reason}`);
    const path = `/api/v1/namespaces/${this.#plane.namespace}/events?fieldSelector=${selector}`;
    const { items } = await this.#plane.api.get<{
      items: (KubernetesObject & { message: string; involvedObject: { name: string } })[];
    }>(path, { signal: this.#plane.signal });
    return items
      .filter(({ involvedObject: { name } }) => name === this.name || name.startsWith(`${this.name}-`))
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ message }) => message);
  }
}
