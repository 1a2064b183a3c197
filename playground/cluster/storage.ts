/**
 * The simulated cluster's etcd: objects in memory, one growing resourceVersion, and a bounded history for watches. It may assume that
 * what it is given was admitted (defaulted, validated, allowed); it never talks to anybody. Stored objects are deep-frozen, so that one
 * copy serves history, events and lists, and a new version shares with the former one what did not change. `get`, `list` and the
 * callback of `change` are given copies, everybody else the frozen object itself.
 */
import type { WorldClock } from '../clock.ts';
import type { Resource, Storage, StorageEvent, StoredObject } from './storage-contract.ts';
import { copyJson, frozenCopy, isSameJson } from './json.ts';

/** The write cannot be done: the same codes and texts as the API server's. */
export class StorageError extends Error {
  override name = 'StorageError';
  /** 404 or 409. */
  readonly status: number;
  readonly reason: 'NotFound' | 'AlreadyExists';
  constructor(reason: 'NotFound' | 'AlreadyExists', resource: Resource, name: string) {
    const target = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
    super(`${target} "${name}" ${reason === 'NotFound' ? 'not found' : 'already exists'}`);
    this.reason = reason;
    this.status = reason === 'NotFound' ? 404 : 409;
  }
}

export interface ChangeOptions {
  /** Raise generation although only metadata changed: annotations of a Deployment do that when they come through the API server. */
  raiseGeneration?: boolean;
}

/** What the API server needs beyond the controllers' view. */
export interface ClusterStorage extends Storage {
  change(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    change: (object: StoredObject) => StoredObject | undefined,
    options?: ChangeOptions,
  ): StoredObject;
  /** As `change`, given the frozen object itself: the new version shares with it what it takes over. */
  revise: ClusterStorage['change'];
  /** The newest resourceVersion given out. */
  resourceVersion(): number;
  /** Frozen objects without copying; order: namespace, name. */
  peek(resource: Resource, namespace?: string): readonly StoredObject[];
  peekOne(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined;
  /** Events after this resourceVersion, or undefined when the history no longer reaches back to it. */
  eventsSince(resourceVersion: number): StorageEvent[] | undefined;
  /** Forgets the history, as etcd's compaction does: older watches get 410. */
  compact(): void;
  /** All resources that hold an object. */
  resources(): Resource[];
  /** Puts objects of another storage here, with the uids and dates they had and generations begun anew; what is there already stays. */
  restore(objects: readonly { resource: Resource; object: StoredObject }[]): void;
}

export interface StorageOptions {
  /** Events kept for watches that come back. */
  historyLength?: number;
  /** 0..1; makes uids repeatable. */
  random?: () => number;
}

/** Resources whose objects carry no `metadata.generation`. */
const WITHOUT_GENERATION = new Set(
  [
    'bindings configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes podtemplates',
    'resourcequotas secrets serviceaccounts services leases.coordination.k8s.io events.events.k8s.io',
    'controllerrevisions.apps roles.rbac.authorization.k8s.io rolebindings.rbac.authorization.k8s.io',
    'clusterroles.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io',
    'storageclasses.storage.k8s.io',
  ]
    .join(' ')
    .split(' '),
);

function bucketKey(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  hex[12] = '4';
  hex[16] = '89ab'.charAt(Math.floor(random() * 4));
  const text = hex.join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

function specChanged(before: StoredObject, after: StoredObject): boolean {
  const outside = (o: StoredObject): object => ({ ...o, metadata: undefined, status: undefined });
  return !isSameJson(outside(before), outside(after));
}

const copy = copyJson;

/** Members of metadata that are left out on the wire when there is nothing in them. */
const LEFT_OUT_WHEN_EMPTY = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** On its way in: the object and its metadata may be written to until `#write` freezes them, what is below is shared. */
function incoming(object: object): StoredObject {
  const taken = { ...object } as StoredObject;
  taken.metadata = { ...taken.metadata };
  for (const field of LEFT_OUT_WHEN_EMPTY) {
    const value = taken.metadata[field];
    if (value !== undefined && Object.keys(value ?? {}).length === 0) delete taken.metadata[field];
  }
  return taken;
}

class MemoryStorage implements ClusterStorage {
  readonly #buckets = new Map<string, { resource: Resource; objects: Map<string, StoredObject> }>();
  readonly #sorted = new Map<string, readonly StoredObject[]>();
  readonly #listeners = new Set<(event: StorageEvent) => void>();
  readonly #clock: Pick<WorldClock, 'now'>;
  readonly #random: () => number;
  readonly #historyLength: number;
  #history: { revision: number; event: StorageEvent }[] = [];
  #oldest = 0;
  #revision = 1;

  constructor(clock: Pick<WorldClock, 'now'>, { historyLength = 5_000, random = Math.random }: StorageOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#historyLength = historyLength;
  }

  resourceVersion(): number {
    return this.#revision;
  }

  resources(): Resource[] {
    return [...this.#buckets.values()].filter((b) => b.objects.size > 0).map((b) => b.resource);
  }

  peekOne(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.#buckets.get(bucketKey(resource))?.objects.get(`${namespace ?? ''}/${name}`);
  }

  peek(resource: Resource, namespace?: string): readonly StoredObject[] {
    const key = bucketKey(resource);
    let all = this.#sorted.get(key);
    if (!all) {
      const entries = [...(this.#buckets.get(key)?.objects ?? [])];
      all = entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
      this.#sorted.set(key, all);
    }
    return namespace === undefined ? all : all.filter((o) => o.metadata.namespace === namespace);
  }

  get(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined {
    const object = this.peekOne(resource, namespace, name);
    return object && copy(object);
  }

  list(resource: Resource, namespace?: string): StoredObject[] {
    return this.peek(resource, namespace).map((o) => copy(o));
  }

  create(resource: Resource, object: Omit<StoredObject, 'metadata'> & { metadata: object }): StoredObject {
    const created = incoming(object);
    const { name, namespace } = created.metadata;
    if (this.peekOne(resource, namespace, name)) throw new StorageError('AlreadyExists', resource, name);
    created.metadata.uid ??= uuid(this.#random);
    created.metadata.creationTimestamp ??= this.#timestamp();
    delete created.metadata.generation;
    if (!WITHOUT_GENERATION.has(bucketKey(resource))) created.metadata.generation = 1;
    return this.#write('ADDED', resource, created);
  }

  change(...[resource, namespace, name, change, options]: Parameters<ClusterStorage['change']>): StoredObject {
    return this.revise(resource, namespace, name, (object) => change(copy(object)), options);
  }

  revise(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    change: (object: StoredObject) => StoredObject | undefined,
    { raiseGeneration = false }: ChangeOptions = {},
  ): StoredObject {
    const previous = this.peekOne(resource, namespace, name);
    if (!previous) throw new StorageError('NotFound', resource, name);
    const changed = change(previous);
    if (changed === undefined) return previous;
    const next = incoming(changed);
    const { uid, creationTimestamp, resourceVersion, generation } = previous.metadata;
    Object.assign(next.metadata, { uid, creationTimestamp, resourceVersion });
    if (generation === undefined) delete next.metadata.generation;
    else next.metadata.generation = generation;
    if (isSameJson(next, previous)) return previous;
    if (generation !== undefined && (raiseGeneration || specChanged(previous, next))) {
      next.metadata.generation = generation + 1;
    }
    const isReleased = next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
    if (isReleased && (next.metadata.deletionGracePeriodSeconds ?? 0) === 0) {
      return this.#write('DELETED', resource, next, previous);
    }
    return this.#write('MODIFIED', resource, next, previous);
  }

  remove(resource: Resource, namespace: string | undefined, name: string, gracePeriodSeconds = 0): void {
    const previous = this.peekOne(resource, namespace, name);
    if (!previous) return;
    const next = incoming(previous);
    const already = previous.metadata.deletionTimestamp !== undefined;
    const grace = already
      ? Math.min(gracePeriodSeconds, previous.metadata.deletionGracePeriodSeconds ?? 0)
      : gracePeriodSeconds;
    const held = (previous.metadata.finalizers ?? []).length > 0;
    if (grace === 0 && !held) {
      this.#write('DELETED', resource, next, previous);
      return;
    }
    if (already && grace === (previous.metadata.deletionGracePeriodSeconds ?? 0)) return;
    next.metadata.deletionTimestamp = this.#timestamp(grace);
    next.metadata.deletionGracePeriodSeconds = grace;
    if (!already && next.metadata.generation !== undefined) next.metadata.generation += 1;
    this.#write('MODIFIED', resource, next, previous);
  }

  restore(objects: readonly { resource: Resource; object: StoredObject }[]): void {
    for (const { resource, object } of objects) {
      const { namespace, name } = object.metadata;
      if (!this.peekOne(resource, namespace, name)) this.create(resource, object);
    }
  }

  subscribe(listener: (event: StorageEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  eventsSince(resourceVersion: number): StorageEvent[] | undefined {
    if (resourceVersion < this.#oldest) return undefined;
    const first = this.#history.findIndex((h) => h.revision > resourceVersion);
    return first < 0 ? [] : this.#history.slice(first).map((h) => h.event);
  }

  compact(): void {
    this.#history = [];
    this.#oldest = this.#revision;
  }

  #timestamp(plusSeconds = 0): string {
    return new Date(this.#clock.now() + plusSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  #write(type: StorageEvent['type'], resource: Resource, taken: StoredObject, previous?: StoredObject): StoredObject {
    const key = bucketKey(resource);
    this.#revision += 1;
    taken.metadata.resourceVersion = String(this.#revision);
    const object = frozenCopy(taken);
    let bucket = this.#buckets.get(key);
    if (!bucket) this.#buckets.set(key, (bucket = { resource, objects: new Map() }));
    const objectKey = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (type === 'DELETED') bucket.objects.delete(objectKey);
    else bucket.objects.set(objectKey, object);
    this.#sorted.delete(key);
    this.#publish({ type, resource, object, ...(previous && { previous }) });
    return object;
  }

  readonly #pending: StorageEvent[] = [];
  #isPublishing = false;

  /** A listener may write; its events wait until this one has reached everybody, so that all see one order. */
  #publish(event: StorageEvent): void {
    this.#history.push({ revision: this.#revision, event });
    if (this.#history.length > this.#historyLength * 1.2) {
      this.#history.splice(0, this.#history.length - this.#historyLength);
      this.#oldest = (this.#history[0]?.revision ?? 1) - 1;
    }
    this.#pending.push(event);
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#isPublishing = false;
    }
  }
}

/** An empty storage; uids repeat with a repeatable `random`. */
export function createStorage(
  clock: Pick<WorldClock, 'now'>,
  random?: () => number,
  options: Omit<StorageOptions, 'random'> = {},
): ClusterStorage {
  return new MemoryStorage(clock, { ...options, ...(random && { random }) });
}
