/**
 * The API server as the rest of the bot sees it: raw JSON over one shared connection pool, no domain. Implemented in api-server.ts.
 */

/** An object as the API server sends it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    deletionTimestamp?: string;
    generation?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  };
}

export type JsonPatch = (
  { op: 'test' | 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string }
)[];

export interface RequestOptions {
  signal: AbortSignal;
  /** Default 4,000: below the lease's grace, so that no write of a deposed leader is under way for long. */
  timeoutMs?: number;
}

/** What to address: a collection path such as `/apis/apps/v1/namespaces/lomash-wood/deployments`, and a name in it. */
export interface Api {
  /** GET of any path; parsed JSON. GETs are repeated on 429, 5xx and a connection that broke, up to 3 tries within the timeout. */
  get<T>(path: string, options: RequestOptions): Promise<T>;
  /** GET of a path that answers text, such as pod logs. */
  text(path: string, options: RequestOptions): Promise<string>;
  create<T>(collection: string, body: unknown, options: RequestOptions): Promise<T>;
  update<T>(path: string, body: unknown, options: RequestOptions): Promise<T>;
  jsonPatch<T>(path: string, patch: JsonPatch, options: RequestOptions): Promise<T>;
  mergePatch<T>(path: string, patch: unknown, options: RequestOptions): Promise<T>;
  /** Refused with 409 when the object is not of this uid, or not at this version any more. */
  delete(path: string, options: RequestOptions & { uid?: string; resourceVersion?: string }): Promise<void>;
  /** The lines of a watch as they come; ends when the server closes it, rejects on a broken connection. */
  watch(path: string, query: Record<string, string>, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** Called whenever the server answered a request that is no watch: it is there. Returns its own removal. */
  onAnswer(listener: () => void): () => void;
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubernetesObject & { code?: number; reason?: string; message?: string };
}

/** The API server said no. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly system = 'kubernetes';
  /** HTTP status: 403 terminal, 404, 409 conflict, 410 expired, 422 a failed `test` or validation, 429 and 5xx transient. */
  readonly status: number;
  /** Status.reason: NotFound, AlreadyExists, Conflict, Invalid, Forbidden, Expired, … */
  readonly reason: string;
  /** "patch deployments.apps auth-service": verb and object, safe to show. */
  readonly operation: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(f: { status: number; reason: string; operation: string; message: string; retryAfterSeconds?: number }) {
    super(`${f.operation}: ${f.message}`);
    this.status = f.status;
    this.reason = f.reason;
    this.operation = f.operation;
    this.retryAfterSeconds = f.retryAfterSeconds;
  }
}

type BrokenOptions = ErrorOptions & { isBroken?: boolean };

/** No answer: refused, reset, timed out. What was sent may or may not have been done. */
export class ApiUnreachable extends Error {
  override name = 'ApiUnreachable';
  readonly system = 'kubernetes';
  readonly operation: string;
  /** The connection stood and broke, as an idle one does that the server closes just then: the server may well be there. */
  readonly isBroken: boolean;
  constructor(operation: string, message: string, { isBroken = false, ...options }: BrokenOptions = {}) {
    super(`${operation}: ${message}`, options);
    this.operation = operation;
    this.isBroken = isBroken;
  }
}

/** A live view of one collection, kept by list and watch (kubernetes.md §13). Rows come out by `name`. */
export interface Watched<Row> {
  all(): Row[];
  get(name: string): Row | undefined;
  /** The first list is complete. */
  isSynced(): boolean;
  /** ms (monotonic) since the server last sent anything, bookmarks included. */
  silentForMs(): number;
  /** For whoever waits for what it tells: read anew when that was last done longer ago, for a watch may hang, or may have lost something. */
  refresh(olderThanMs: number): void;
  /** Called after each change with the row's name; returns its own removal. */
  onChange(listener: (name: string) => void): () => void;
}

/** The server sends bookmarks about once a minute: more than twice that without a byte is an outage. */
const SILENCE_MS = 150_000;

/** What these caches hold may be believed. */
export function areLive(caches: readonly Pick<Watched<unknown>, 'isSynced' | 'silentForMs'>[]): boolean {
  return caches.every((cache) => cache.isSynced() && cache.silentForMs() < SILENCE_MS);
}

/** While pods are waited for nothing is believed for longer: people want to know within a minute. */
const BELIEVED_MS = 20_000;

/** For whoever waits for what these caches tell. */
export function lookAgain(caches: readonly Pick<Watched<unknown>, 'refresh'>[]): void {
  for (const cache of caches) cache.refresh(BELIEVED_MS);
}

/** One namespace of one cluster: the caches, and uncached reads before acts that may not be repeated. */
export interface Workloads {
  readonly namespace: string;
  readonly api: Api;
  readonly deployments: Watched<import('./rows.ts').WorkloadRow>;
  readonly replicaSets: Watched<import('./rows.ts').RevisionRow>;
  readonly pods: Watched<import('./rows.ts').PodRow>;
  /** Present only where these kinds are watched; see `historyOf`. */
  readonly statefulSets?: Watched<import('./rows.ts').WorkloadRow>;
  readonly daemonSets?: Watched<import('./rows.ts').WorkloadRow>;
  readonly controllerRevisions?: Watched<import('./rows.ts').RevisionRow>;
  /**
   * The pod template of a ReplicaSet as it was in its Deployment (without `pod-template-hash`): from memory for the two newest of each
   * Deployment, else one GET. undefined: that very version is gone. It holds secrets: never show, log or store it.
   */
  template(
    replicaSet: import('./rows.ts').RevisionRow,
    signal: AbortSignal,
  ): Promise<import('./rows/template-parts.ts').RawTemplate | undefined>;
  /** Begins to watch; resolves when Deployments, ReplicaSets and pods are synced or the signal aborts. */
  start(signal: AbortSignal): Promise<void>;
}

/** What the bot's account may do here, asked by SelfSubjectAccessReview. Rejects on an outage. */
export type MayI = (
  q: { verb: string; group: string; resource: string; subresource?: string; namespace: string; name?: string },
  signal: AbortSignal,
) => Promise<boolean>;
