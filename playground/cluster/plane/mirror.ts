/**
 * What a real API server holds of a few kinds, kept current by watches: for those who look often and want to be told. Somebody who has just
 * written offers what the server answered, so that nobody sees their own write late.
 */
import type { Api } from '#clients/kubernetes/api.ts';
import type { Resource, StorageEvent, StoredObject } from '../storage-contract.ts';
import { pathOf } from './paths.ts';

export interface Mirror {
  holds(resource: Resource): boolean;
  all(resource: Resource): readonly StoredObject[];
  get(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined;
  offer(resource: Resource, object: StoredObject): void;
  /** All there is of a kind, as just listed. */
  replace(resource: Resource, objects: readonly StoredObject[], resourceVersion: number): void;
  subscribe(listener: (event: StorageEvent) => void): () => void;
  /** Watches on from what was replaced last, until the signal is aborted. */
  watch(api: Api, signal: AbortSignal): void;
}

const label = ({ group, plural }: Resource): string => `${plural}.${group}`;
const place = ({ metadata }: StoredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
const age = ({ metadata }: StoredObject): number => Number(metadata.resourceVersion);

/** One kind. */
class Shelf {
  readonly resource: Resource;
  readonly objects = new Map<string, StoredObject>();
  /** Events up to here are old. */
  seen = 0;
  readonly #publish: (event: StorageEvent) => void;

  constructor(resource: Resource, publish: (event: StorageEvent) => void) {
    this.resource = resource;
    this.#publish = publish;
  }

  put(object: StoredObject): void {
    const previous = this.objects.get(place(object));
    const isOther = previous?.metadata.uid !== object.metadata.uid;
    if (previous && age(previous) >= age(object)) return;
    if (previous && isOther) this.drop(previous);
    this.objects.set(place(object), object);
    const { resource } = this;
    this.#publish(
      previous && !isOther ? { type: 'MODIFIED', resource, object, previous } : { type: 'ADDED', resource, object },
    );
  }

  drop(object: StoredObject): void {
    const previous = this.objects.get(place(object));
    if (previous?.metadata.uid !== object.metadata.uid) return;
    this.objects.delete(place(object));
    this.#publish({ type: 'DELETED', resource: this.resource, object, previous });
  }
}

async function follow(shelf: Shelf, api: Api, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const query = { allowWatchBookmarks: 'true', resourceVersion: String(shelf.seen) };
      for await (const { type, object } of api.watch(pathOf(shelf.resource), query, signal)) {
        if (type === 'ERROR') throw new Error(object.message);
        const stored = object as unknown as StoredObject;
        shelf.seen = Math.max(shelf.seen, age(stored));
        if (type === 'DELETED') shelf.drop(stored);
        else if (type !== 'BOOKMARK') shelf.put(stored);
      }
    } catch (error) {
      if (!signal.aborted) process.stderr.write(`${label(shelf.resource)}: ${String(error)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export function createMirror(resources: readonly Resource[]): Mirror {
  const listeners = new Set<(event: StorageEvent) => void>();
  const publish = (event: StorageEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const shelves = new Map(resources.map((resource) => [label(resource), new Shelf(resource, publish)]));
  const shelf = (resource: Resource): Shelf | undefined => shelves.get(label(resource));
  return {
    holds: (resource) => shelves.has(label(resource)),
    all: (resource) => [...(shelf(resource)?.objects.values() ?? [])],
    get: (resource, namespace, name) => shelf(resource)?.objects.get(`${namespace ?? ''}/${name}`),
    offer: (resource, object) => shelf(resource)?.put(object),
    replace(resource, objects, resourceVersion) {
      const known = shelf(resource);
      if (!known) return;
      const present = new Set(objects.map((object) => object.metadata.uid));
      for (const object of known.objects.values()) if (!present.has(object.metadata.uid)) known.drop(object);
      for (const object of objects) known.put(object);
      known.seen = Math.max(known.seen, resourceVersion);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    watch(api, signal) {
      for (const known of shelves.values()) void follow(known, api, signal);
    },
  };
}
