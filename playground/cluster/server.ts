/**
 * Starts the simulated cluster's API server: storage, the API over it, HTTPS, and the objects every cluster begins with. Controllers and
 * the kubelet are started by the caller on `storage`. It may assume nothing of the machine but Node.
 */
import { parseAllDocuments } from 'yaml';
import type { WorldClock } from '../clock.ts';
import type { User } from './api/access/accounts.ts';
import { createApi, type Api } from './api/api.ts';
import type { PodLogs } from './api/call.ts';
import { isStream } from './api/message.ts';
import { type Front, openFront } from './front.ts';
import { recorded } from './recorded/documents.ts';
import { createStorage, type ClusterStorage } from './storage.ts';

export interface ClusterOptions {
  clock: WorldClock;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Created at start, as an administrator would with kubectl: Namespaces and CustomResourceDefinitions first. */
  objects?: KubernetesManifest[];
  /** Bearer token → user. `system:masters` may do everything. */
  tokens: Record<string, User>;
  /** 0..1; makes uids and generated names repeatable. */
  random?: () => number;
  /** ValidatingAdmissionPolicies and their bindings, in force from the start. */
  policies?: KubernetesManifest[];
  /** Events kept for watches that come back; older ones get 410. */
  historyLength?: number;
}

export interface KubernetesManifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** Somebody who works with kubectl, as the API server knows them (`kubectl --as`). */
export interface Author {
  username: string;
  group: string;
}

export interface Cluster extends Front {
  storage: ClusterStorage;
  api: Pick<Api, 'handle'>;
  /**
   * Creates, or replaces, objects as an administrator; as somebody else it merges into what is there, as `kubectl apply` does. Throws with
   * the server's message when one is refused.
   */
  load(objects: KubernetesManifest[], as?: Author): void;
  /** From now on pods/log asks here. */
  setPodLogs(logs: PodLogs): void;
}

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const FIRST = ['Namespace', 'CustomResourceDefinition'];

/** The objects of one or several YAML documents. */
export function manifests(yaml: string): KubernetesManifest[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubernetesManifest | null)
    .filter((manifest) => manifest !== null);
}

function bootstrapObjects(): KubernetesManifest[] {
  const { clusterRoles, clusterRoleBindings } = recorded<Record<string, KubernetesManifest[]>>('roles');
  const kinds = [
    { kind: 'ClusterRole', items: clusterRoles ?? [] },
    { kind: 'ClusterRoleBinding', items: clusterRoleBindings ?? [] },
  ];
  const roles = kinds.flatMap(({ kind, items }) =>
    items.map(({ metadata: { name, labels }, ...item }) => ({
      ...item,
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind,
      metadata: { name, labels },
    })),
  );
  const namespaces = NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  return [...namespaces, ...roles];
}

interface Answered {
  code: number;
  body: Record<string, unknown>;
}

/** Puts objects in through the API, with everything that admission does. */
export function createLoader(api: Pick<Api, 'handle'>, token: string): Cluster['load'] {
  function send(method: string, path: string, body?: object, as?: Author): Answered {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(as && { 'impersonate-user': as.username, 'impersonate-group': as.group }),
      'user-agent': 'kubectl-create',
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    };
    const text = Buffer.from(body ? JSON.stringify(body) : '');
    const response = api.handle({ method, path, query: new URLSearchParams(), headers, body: text });
    if (isStream(response)) throw new TypeError(`${path} answered a stream`);
    return { code: response.status, body: JSON.parse(response.body.toString()) as Record<string, unknown> };
  }

  function collection(manifest: KubernetesManifest): string {
    const { apiVersion, kind, metadata } = manifest;
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = send('GET', base).body as {
      resources?: { name: string; kind: string; namespaced: boolean }[];
    };
    const found = resources?.find((r) => r.kind === kind && !r.name.includes('/'));
    if (!found) throw new TypeError(`no resource for ${kind} in ${apiVersion}`);
    return found.namespaced
      ? `${base}/namespaces/${metadata.namespace ?? 'default'}/${found.name}`
      : `${base}/${found.name}`;
  }

  function put(manifest: KubernetesManifest, as: Author | undefined): void {
    const path = collection(manifest);
    const named = `${path}/${manifest.metadata.name}`;
    const there = send('GET', named, undefined, as);
    const { resourceVersion } = (there.body['metadata'] ?? {}) as { resourceVersion?: string };
    const replacement = { ...manifest, metadata: { ...manifest.metadata, resourceVersion } };
    const change = (): Answered => (as ? send('PATCH', named, manifest, as) : send('PUT', named, replacement));
    const answer = there.code === 200 ? change() : send('POST', path, manifest, as);
    if (answer.code > 299)
      throw new TypeError(`${manifest.kind} ${manifest.metadata.name}: ${String(answer.body['message'])}`);
  }

  return (objects, as) => {
    const rank = (manifest: KubernetesManifest): number => FIRST.indexOf(manifest.kind) + 1 || FIRST.length + 1;
    for (const manifest of objects.toSorted((a, b) => rank(a) - rank(b))) put(manifest, as);
  };
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { clock, port = 0, objects = [], tokens, random, historyLength, policies = [] } = options;
  const storage = createStorage(clock, random, historyLength === undefined ? {} : { historyLength });
  let podLogs: PodLogs | undefined;
  const loaderToken = globalThis.crypto.randomUUID();
  const administrator: User = { username: 'system:admin', groups: ['system:masters'] };
  const api = createApi({
    storage,
    clock,
    tokens: { ...tokens, [loaderToken]: administrator },
    ...(random && { random }),
    podLogs: () => podLogs,
    policies,
  });
  const load = createLoader(api, loaderToken);
  load(bootstrapObjects());
  load(objects);

  const front = await openFront({ clock, port, handle: (request) => api.handle(request), expire: () => api.expire() });
  return {
    ...front,
    storage,
    api,
    load,
    setPodLogs: (logs) => void (podLogs = logs),
    stop: () => front.stop(),
  };
}
