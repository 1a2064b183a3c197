/**
 * What the simulated API server stores, as the simulated controllers see it: synchronous, in memory, every object plain JSON and never
 * shared (callers get and give copies). Admission (defaulting, validation, RBAC, pruning) happens in front of it for requests; the
 * controllers write here directly, like trusted clients.
 */
export interface Resource {
  /** '' for the core group. */
  group: string;
  version: string;
  /** Plural, lower case: `deployments`. */
  plural: string;
}

export interface StoredObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    generation?: number;
    creationTimestamp: string;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    ownerReferences?: {
      apiVersion: string;
      kind: string;
      name: string;
      uid: string;
      controller?: boolean;
      blockOwnerDeletion?: boolean;
    }[];
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface StorageEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: StoredObject;
  previous?: StoredObject;
}

export interface Storage {
  get(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined;
  /** All namespaces when undefined. Order: namespace, name. */
  list(resource: Resource, namespace?: string): StoredObject[];
  /** Sets uid, creationTimestamp, resourceVersion, generation 1. Throws StorageError 409 AlreadyExists. */
  create(resource: Resource, object: Omit<StoredObject, 'metadata'> & { metadata: object }): StoredObject;
  /**
   * Reads, changes, writes; no write when `change` returns undefined or an equal object. Raises generation when something outside
   * metadata and status changed. Throws StorageError 404.
   */
  change(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    change: (object: StoredObject) => StoredObject | undefined,
  ): StoredObject;
  /** With finalizers or a grace period only marks it; otherwise removes it. Missing: nothing happens. */
  remove(resource: Resource, namespace: string | undefined, name: string, gracePeriodSeconds?: number): void;
  /** Events arrive synchronously after each write, in order of resourceVersion; returns its removal. */
  subscribe(listener: (event: StorageEvent) => void): () => void;
}
