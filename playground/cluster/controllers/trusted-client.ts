/**
 * How controllers read and write: from a cache kept by the storage's events, and back guarded by resourceVersion, so that a sync that
 * acted on an older object fails with a Conflict and is repeated, as the real ones are.
 */
import type { ClusterStorage } from '../storage.ts';
import type { Resource, StoredObject } from '../storage-contract.ts';
import { controllerOf } from '../objects.ts';

/** Somebody wrote the object in between; the work queue tries again. */
export class Conflict extends Error {
  override name = 'Conflict';
}

/** Kubernetes times have whole seconds. */
export const timestamp = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
export const microTimestamp = (atMs: number): string => new Date(atMs).toISOString().replace('Z', '000Z');

function ensureUnchanged(current: StoredObject, object: StoredObject): void {
  if (current.metadata.resourceVersion !== object.metadata.resourceVersion) {
    throw new Conflict(`${object.kind} ${object.metadata.name} has been modified`);
  }
}

/** PUT of the whole object. */
export function replace<T extends StoredObject>(storage: ClusterStorage, resource: Resource, object: T): T {
  return storage.revise(resource, object.metadata.namespace, object.metadata.name, (current) => {
    ensureUnchanged(current, object);
    return object;
  }) as T;
}

/** PUT of the status subresource, which also takes metadata. */
export function replaceStatus<T extends StoredObject>(storage: ClusterStorage, resource: Resource, object: T): T {
  return storage.revise(resource, object.metadata.namespace, object.metadata.name, (current) => {
    ensureUnchanged(current, object);
    return { ...current, metadata: object.metadata, status: object['status'] };
  }) as T;
}

/** All objects of one resource, indexed; they are frozen. */
export interface ObjectCache<T extends StoredObject> {
  get(namespace: string | undefined, name: string): T | undefined;
  inNamespace(namespace: string): T[];
  all(): T[];
  /** Those whose controlling owner has this uid. */
  controlledBy(uid: string): T[];
  stop(): void;
}

class Index<T extends StoredObject> {
  readonly #groups = new Map<string, Map<string, T>>();

  put(group: string, object: T): void {
    const members = this.#groups.get(group) ?? new Map<string, T>();
    this.#groups.set(group, members.set(object.metadata.uid, object));
  }

  drop(group: string, object: T): void {
    const members = this.#groups.get(group);
    members?.delete(object.metadata.uid);
    if (members?.size === 0) this.#groups.delete(group);
  }

  of(group: string): T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }
}

export function objectCache<T extends StoredObject>(storage: ClusterStorage, resource: Resource): ObjectCache<T> {
  const byName = new Map<string, T>();
  const byNamespace = new Index<T>();
  const byOwner = new Index<T>();
  const key = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

  function drop(name: string): void {
    const known = byName.get(name);
    if (!known) return;
    byName.delete(name);
    byNamespace.drop(known.metadata.namespace ?? '', known);
    byOwner.drop(controllerOf(known)?.uid ?? '', known);
  }

  function put(object: T): void {
    const name = key(object.metadata.namespace, object.metadata.name);
    drop(name);
    byName.set(name, object);
    byNamespace.put(object.metadata.namespace ?? '', object);
    byOwner.put(controllerOf(object)?.uid ?? '', object);
  }

  for (const object of storage.peek(resource)) put(object as T);
  const stop = storage.subscribe(({ type, resource: changed, object }) => {
    if (changed.plural !== resource.plural || changed.group !== resource.group) return;
    if (type === 'DELETED') drop(key(object.metadata.namespace, object.metadata.name));
    else put(object as T);
  });
  return {
    get: (namespace, name) => byName.get(key(namespace, name)),
    inNamespace: (namespace) => byNamespace.of(namespace),
    all: () => [...byName.values()],
    controlledBy: (uid) => byOwner.of(uid),
    stop,
  };
}

/** Text drawn from the letters that Kubernetes uses in generated names: no vowels, so no words. */
const safeLetters = 'bcdfghjklmnpqrstvwxz2456789';

export function randomSuffix(random: () => number, length = 5): string {
  return Array.from({ length }, () => safeLetters[Math.floor(random() * safeLetters.length)]).join('');
}

export function encodeSafely(text: string): string {
  return Array.from(text, (letter) => safeLetters[letter.charCodeAt(0) % safeLetters.length]).join('');
}
