/**
 * A real API server as the playground's storage: the same calls, each a request that is over when it returns. Whoever only looks, looks
 * into a mirror; whoever gets, lists or writes asks the server. History and watches of its own it has none: those are the server's.
 */
import type { ClusterStorage } from '../storage.ts';
import { StorageError } from '../storage.ts';
import * as kinds from '../objects.ts';
import { copyJson, isSameJson } from '../json.ts';
import type { Resource, StorageEvent, StoredObject } from '../storage-contract.ts';
import type { Controllers } from './controllers.ts';
import type { Etcd } from './etcd.ts';
import type { Mirror } from './mirror.ts';
import { pathOf } from './paths.ts';
import type { Answered } from './requests.ts';

/** Somebody else writes the same object all the time: that often it is read anew. */
const TRIES = 20;

export interface PlaneParts {
  /** As an administrator. `manager`: who is recorded as the writer of the fields. */
  send(method: string, path: string, body?: object, manager?: string): Answered;
  mirror: Mirror;
  etcd: Etcd;
  controllers: Controllers;
}

/** What a backup of the playground's past holds. */
export const RESTORED: readonly Resource[] = [
  kinds.configMaps,
  kinds.secrets,
  kinds.podDisruptionBudgets,
  kinds.horizontalPodAutoscalers,
  kinds.deployments,
  kinds.replicaSets,
  kinds.pods,
];

const begunAnew = (object: StoredObject): StoredObject => ({
  ...object,
  metadata: { ...object.metadata, generation: 1 },
});

interface Manager {
  manager: string;
}

const managerOf = (object: StoredObject): string | undefined =>
  (object.metadata['managedFields'] as Manager[] | undefined)?.[0]?.manager;

const outsideStatus = (object: StoredObject): object => ({ ...object, status: undefined });

function refuse({ status, body }: Answered, resource: Resource, name: string): never {
  if (status === 404) throw new StorageError('NotFound', resource, name);
  throw new Error(`${resource.plural} "${name}": ${status} ${body}`);
}

const before = (a: StoredObject, b: StoredObject): number =>
  `${a.metadata.namespace ?? ''}/${a.metadata.name}` < `${b.metadata.namespace ?? ''}/${b.metadata.name}` ? -1 : 1;

/** Items of a list do not say what they are. */
function itemsOf(body: string): { items: StoredObject[]; resourceVersion: number } {
  const list = JSON.parse(body) as {
    kind: string;
    apiVersion: string;
    metadata: { resourceVersion: string };
    items: object[];
  };
  const kind = list.kind.replace(/List$/, '');
  const items = list.items.map((item) => ({ apiVersion: list.apiVersion, kind, ...item }) as StoredObject);
  return { items: items.toSorted(before), resourceVersion: Number(list.metadata.resourceVersion) };
}

export class PlaneStorage implements ClusterStorage {
  readonly #parts: PlaneParts;
  #written = 0;

  constructor(parts: PlaneParts) {
    this.#parts = parts;
  }

  /** Lists these kinds anew, for what was changed behind the server's back. */
  refresh(resources: readonly Resource[]): void {
    for (const resource of resources) {
      const { items, resourceVersion } = this.#listed(resource);
      this.#parts.mirror.replace(resource, items, resourceVersion);
    }
  }

  #listed(resource: Resource, namespace?: string): ReturnType<typeof itemsOf> {
    const answer = this.#parts.send('GET', pathOf(resource, namespace));
    if (answer.status === 404) return { items: [], resourceVersion: 0 };
    return answer.status === 200 ? itemsOf(answer.body) : refuse(answer, resource, '');
  }

  get(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined {
    const answer = this.#parts.send('GET', pathOf(resource, namespace, name));
    if (answer.status === 404) return undefined;
    return answer.status === 200 ? (JSON.parse(answer.body) as StoredObject) : refuse(answer, resource, name);
  }

  list(resource: Resource, namespace?: string): StoredObject[] {
    return this.#listed(resource, namespace).items;
  }

  peek(resource: Resource, namespace?: string): readonly StoredObject[] {
    if (!this.#parts.mirror.holds(resource)) return this.list(resource, namespace);
    const all = this.#parts.mirror.all(resource).toSorted(before);
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  peekOne(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined {
    const { mirror } = this.#parts;
    return mirror.holds(resource) ? mirror.get(resource, namespace, name) : this.get(resource, namespace, name);
  }

  revise(...[resource, namespace, name, change]: Parameters<ClusterStorage['change']>): StoredObject {
    return this.change(resource, namespace, name, change);
  }

  create(resource: Resource, object: Omit<StoredObject, 'metadata'> & { metadata: object }): StoredObject {
    const { name, namespace } = object.metadata as { name: string; namespace?: string };
    const { managedFields: _given, ...metadata } = object.metadata as { managedFields?: unknown };
    const manager = managerOf(object as StoredObject);
    const answer = this.#parts.send('POST', pathOf(resource, namespace), { ...object, metadata }, manager);
    if (answer.status === 409) throw new StorageError('AlreadyExists', resource, name);
    const created = this.#taken(resource, name, answer);
    const { status } = object as { status?: object };
    // A server takes no status with what is created.
    if (status === undefined || Object.keys(status).length === 0) return created;
    return this.change(resource, namespace, name, (now) => ({ ...now, status }));
  }

  change(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    change: (object: StoredObject) => StoredObject | undefined,
  ): StoredObject {
    for (let tries = 1; ; tries++) {
      const current = this.get(resource, namespace, name);
      if (current === undefined) throw new StorageError('NotFound', resource, name);
      const next = change(copyJson(current));
      if (next === undefined || isSameJson(next, current)) return current;
      const answer = this.#put(resource, current, next);
      if (answer.status === 409 && tries < TRIES) continue;
      return this.#taken(resource, name, answer);
    }
  }

  /** The object, or its status, or both, one after the other. */
  #put(resource: Resource, current: StoredObject, next: StoredObject): Answered {
    const { namespace, name, resourceVersion } = current.metadata;
    const { managedFields: _given, ...metadata } = next.metadata;
    const isSigned = !isSameJson(current.metadata['managedFields'], next.metadata['managedFields']);
    const manager = isSigned ? managerOf(next) : undefined;
    const wanted = { ...next, metadata: { ...metadata, resourceVersion } };
    const path = pathOf(resource, namespace, name);
    let answer: Answered | undefined;
    if (!isSameJson(outsideStatus(current), outsideStatus(next))) {
      answer = this.#parts.send('PUT', path, wanted, manager);
      if (answer.status !== 200 || isSameJson(current['status'], next['status'])) return answer;
      wanted.metadata.resourceVersion = (JSON.parse(answer.body) as StoredObject).metadata.resourceVersion;
    }
    return this.#parts.send('PUT', `${path}/status`, wanted);
  }

  #taken(resource: Resource, name: string, answer: Answered): StoredObject {
    if (answer.status > 299) refuse(answer, resource, name);
    const object = JSON.parse(answer.body) as StoredObject;
    this.#written = Math.max(this.#written, Number(object.metadata.resourceVersion));
    this.#parts.mirror.offer(resource, object);
    return object;
  }

  remove(resource: Resource, namespace: string | undefined, name: string, gracePeriodSeconds = 0): void {
    const answer = this.#parts.send('DELETE', pathOf(resource, namespace, name), {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds,
      propagationPolicy: 'Background',
    });
    if (answer.status > 299 && answer.status !== 404) refuse(answer, resource, name);
  }

  /** Namespaces must be there; nodes and Services have a life of their own and are left out. */
  restore(objects: readonly { resource: Resource; object: StoredObject }[]): void {
    this.#parts.controllers.stop();
    const wanted = objects.filter(({ resource }) => RESTORED.some(({ plural }) => plural === resource.plural));
    this.#parts.etcd.put(
      wanted.map(({ resource, object }) => ({
        resource,
        object: object.metadata.generation === undefined ? object : begunAnew(object),
      })),
    );
    this.refresh(RESTORED);
    this.#parts.controllers.start();
  }

  subscribe(listener: (event: StorageEvent) => void): () => void {
    return this.#parts.mirror.subscribe(listener);
  }

  resourceVersion(): number {
    return this.#written;
  }

  eventsSince(): undefined {
    return undefined;
  }

  compact(): void {
    throw new Error('A real control plane compacts its own history.');
  }

  resources(): Resource[] {
    throw new Error('A real control plane has more kinds than anybody wants to count.');
  }
}
