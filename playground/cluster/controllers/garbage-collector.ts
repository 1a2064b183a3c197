/**
 * Deletes what lost its owners, as `kubectl delete` expects: background (owner gone, then its dependents), foreground (the finalizer
 * `foregroundDeletion` holds the owner until its blocking dependents are gone) and orphan (the finalizer `orphan` asks to let them be).
 * Whoever serves DELETE puts the finalizer there; this part removes it.
 */
import type { ClusterStorage } from '../storage.ts';
import type { Resource, StoredObject } from '../storage-contract.ts';
import type { ControllerContext } from './controllers.ts';
import { workQueue } from './work-queue.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';
const defaultGraceSeconds = 30;

interface Address {
  resource: Resource;
  namespace: string | undefined;
  name: string;
}

const keyOf = ({ resource, namespace, name }: Address): string =>
  `${resource.group}/${resource.plural}/${namespace ?? ''}/${name}`;

/** owner uid → those that name it. */
class DependencyGraph {
  readonly #dependents = new Map<string, Map<string, Address>>();
  readonly #live = new Set<string>();

  put(resource: Resource, object: StoredObject, previous?: StoredObject): void {
    const { name, namespace, uid } = object.metadata;
    const address: Address = { resource, namespace, name };
    this.#live.add(uid);
    for (const owner of previous?.metadata.ownerReferences ?? [])
      this.#dependents.get(owner.uid)?.delete(keyOf(address));
    for (const owner of object.metadata.ownerReferences ?? []) {
      const known = this.#dependents.get(owner.uid) ?? new Map<string, Address>();
      this.#dependents.set(owner.uid, known.set(keyOf(address), address));
    }
  }

  drop(resource: Resource, object: StoredObject): void {
    const { name, namespace, uid } = object.metadata;
    this.#live.delete(uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      this.#dependents.get(owner.uid)?.delete(keyOf({ resource, namespace, name }));
    }
  }

  isLive = (uid: string): boolean => this.#live.has(uid);

  of(uid: string): Address[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }
}

function remove(storage: ClusterStorage, { resource, namespace, name }: Address): void {
  const object = storage.peekOne(resource, namespace, name);
  const { nodeName, terminationGracePeriodSeconds = defaultGraceSeconds } = (object?.['spec'] ?? {}) as {
    nodeName?: string;
    terminationGracePeriodSeconds?: number;
  };
  const grace = resource.plural === 'pods' && nodeName ? terminationGracePeriodSeconds : 0;
  if (object?.metadata.deletionTimestamp === undefined) storage.remove(resource, namespace, name, grace);
}

function withoutFinalizer(storage: ClusterStorage, { resource, namespace, name }: Address, finalizer: string): void {
  if (!storage.peekOne(resource, namespace, name)) return;
  storage.change(resource, namespace, name, (object) => ({
    ...object,
    metadata: { ...object.metadata, finalizers: object.metadata.finalizers?.filter((f) => f !== finalizer) ?? [] },
  }));
}

function letGo(storage: ClusterStorage, dependent: Address, ownerUid: string): void {
  storage.change(dependent.resource, dependent.namespace, dependent.name, (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      ownerReferences: object.metadata.ownerReferences?.filter((o) => o.uid !== ownerUid) ?? [],
    },
  }));
}

const uidOf = (storage: ClusterStorage, { resource, namespace, name }: Address): string | undefined =>
  storage.peekOne(resource, namespace, name)?.metadata.uid;

/** What has dependents of its own waits for them in turn. */
function holdInForeground(storage: ClusterStorage, { resource, namespace, name }: Address): void {
  storage.change(resource, namespace, name, (object) => {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined || finalizers.includes(foreground)) return undefined;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, foreground] } };
  });
}

/** An owner that waits for its dependents, or wants to leave them behind. */
function processOwner(storage: ClusterStorage, graph: DependencyGraph, address: Address): void {
  const owner = storage.peekOne(address.resource, address.namespace, address.name);
  if (!owner || owner.metadata.deletionTimestamp === undefined) return;
  const { uid, finalizers = [] } = owner.metadata;
  if (finalizers.includes(orphan)) {
    for (const dependent of graph.of(uid)) letGo(storage, dependent, uid);
    withoutFinalizer(storage, address, orphan);
  } else if (finalizers.includes(foreground)) {
    for (const dependent of graph.of(uid)) {
      const dependentUid = uidOf(storage, dependent);
      if (dependentUid !== undefined && graph.of(dependentUid).length > 0) holdInForeground(storage, dependent);
      remove(storage, dependent);
    }
    if (graph.of(uid).length === 0) withoutFinalizer(storage, address, foreground);
  }
}

function collect(storage: ClusterStorage, graph: DependencyGraph, ownerUid: string): void {
  for (const dependent of graph.of(ownerUid)) {
    const object = storage.peekOne(dependent.resource, dependent.namespace, dependent.name);
    const owners = object?.metadata.ownerReferences ?? [];
    if (owners.some((o) => graph.isLive(o.uid))) letGo(storage, dependent, ownerUid);
    else remove(storage, dependent);
  }
}

/** Watches everything until stopped. */
export function startGarbageCollector({ storage, clock }: ControllerContext): () => void {
  const graph = new DependencyGraph();
  const work = new Map<string, () => void>();
  const queue = workQueue(clock, (key) => {
    work.get(key)?.();
    work.delete(key);
  });
  const enqueue = (key: string, run: () => void): void => {
    work.set(key, run);
    queue.add(key);
  };
  const enqueueOwner = (resource: Resource, { metadata: { namespace, name } }: StoredObject): void => {
    const address: Address = { resource, namespace, name };
    enqueue(keyOf(address), () => processOwner(storage, graph, address));
  };
  const waiting = new Map<string, () => void>();

  function put(resource: Resource, object: StoredObject, previous?: StoredObject): void {
    graph.put(resource, object, previous);
    const { uid, finalizers = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp === undefined || !finalizers.some((f) => f === foreground || f === orphan)) return;
    waiting.set(uid, () => enqueueOwner(resource, object));
    enqueueOwner(resource, object);
  }

  for (const resource of storage.resources()) for (const object of storage.peek(resource)) put(resource, object);
  const unsubscribe = storage.subscribe(({ type, resource, object, previous }) => {
    if (resource.plural === 'events') return;
    if (type !== 'DELETED') {
      put(resource, object, previous);
      return;
    }
    graph.drop(resource, object);
    const { uid, ownerReferences = [] } = object.metadata;
    waiting.delete(uid);
    if (graph.of(uid).length > 0) enqueue(uid, () => collect(storage, graph, uid));
    for (const owner of ownerReferences) waiting.get(owner.uid)?.();
  });
  return () => {
    unsubscribe();
    queue.stop();
  };
}
