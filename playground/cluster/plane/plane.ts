/**
 * A real control plane in the place of the simulated cluster: the same calls, with etcd, the API server, its controllers and its scheduler
 * as Kubernetes ships them. Only the nodes are ours (testplane/up.sh leaves the pods to them), so that an image behaves as the world says.
 * One playground at a time plays on a plane: what the one before left in its namespaces goes first.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { connect } from '#clients/kubernetes/api-server.ts';
import type { WorldClock } from '../../clock.ts';
import { worldClock } from '../../clock.ts';
import type { PodLogs } from '../api/call.ts';
import type { ApiAnswer, ApiRequest } from '../api/message.ts';
import { openFront } from '../front.ts';
import * as kinds from '../objects.ts';
import { type Cluster, createLoader, type KubernetesManifest } from '../server.ts';
import type { Resource } from '../storage-contract.ts';
import { controllersOf } from './controllers.ts';
import { keyOf, openEtcd } from './etcd.ts';
import { forwarder } from './forward.ts';
import { createMirror } from './mirror.ts';
import { startNodeServer } from './node-server.ts';
import { untilInForce } from './policies.ts';
import { PlaneStorage, RESTORED } from './plane-storage.ts';
import { openRequests, type Requests } from './requests.ts';

export interface PlaneOptions {
  /** Where testplane/up.sh keeps it; started with its pods left to us. */
  folder: string;
  clock: WorldClock;
  port?: number;
  /** Emptied first, and made where they are missing. */
  namespaces: readonly string[];
  /** Created at start: CustomResourceDefinitions first. */
  objects: KubernetesManifest[];
  /** ValidatingAdmissionPolicies and their bindings, in force from the start. */
  policies: KubernetesManifest[];
}

export interface Plane extends Cluster {
  /** A bearer token of this account, as a pod of it would be given. */
  tokenOf(account: { namespace: string; name: string }): string;
  /** An administrator's. */
  readonly adminToken: string;
}

const rollbacks: Resource = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };
const leases: Resource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
const LOOKED_AT = [kinds.deployments, kinds.replicaSets, kinds.pods, rollbacks];
const WIPED = [...RESTORED, kinds.events, kinds.services, kinds.resourceQuotas, leases, rollbacks];
const NODES = ['node-a', 'node-b', 'node-c'];

interface Addresses {
  server: string;
  etcd: string;
  kubelet: number;
  ca: string;
  key: string;
  adminToken: string;
}

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: { token: string } }[];
}

async function addressesOf(folder: string): Promise<Addresses> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const [ports, config, ca, key] = await Promise.all(['ports', 'kubeconfig', 'tls.crt', 'tls.key'].map(read));
  const [etcd, , , kubelet] = (ports ?? '').trim().split(' ');
  const { clusters, users } = parse(config ?? '') as Kubeconfig;
  return {
    server: clusters[0]!.cluster.server,
    etcd: `http://127.0.0.1:${etcd ?? ''}`,
    kubelet: Number(kubelet),
    ca: ca ?? '',
    key: key ?? '',
    adminToken: users[0]!.user.token,
  };
}

/** The API server's handler, as of one request at a time that is over when it returns. */
function handlerOf(requests: Requests, server: string): (request: ApiRequest) => ApiAnswer {
  return ({ method, path, query, headers, body }) => {
    const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const words = query.size > 0 ? `?${query.toString()}` : '';
    const answered = requests.now({
      method,
      url: `${server}${path}${words}`,
      headers: Object.fromEntries(given),
      ...(body.length > 0 ? { body: body.toString() } : {}),
    });
    return { status: answered.status, headers: {}, body: answered.body };
  };
}

const namespaceOf = (name: string): KubernetesManifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const nodeOf = (name: string): KubernetesManifest => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });

/** A definition is served a moment after it was created. */
function untilServed(storage: PlaneStorage, namespace: string): void {
  const endsAt = performance.now() + 10_000;
  const name = 'of-nobody';
  const probe = { apiVersion: 'ops.lomashwood.com/v1alpha1', kind: 'Rollback', metadata: { name, namespace } };
  while (performance.now() < endsAt) {
    try {
      storage.create(rollbacks, { ...probe, spec: {} });
    } catch (error) {
      // It is served once it says what is wrong with this one.
      if (String(error).includes('"reason":"Invalid"')) return;
    }
  }
  throw new Error('The definition of Rollback is not served.');
}

/** The plane is up. Rejects when it is not, or when another playground has its nodes. */
export async function startPlane({
  folder,
  clock,
  port = 0,
  namespaces,
  objects,
  policies,
}: PlaneOptions): Promise<Plane> {
  const { server, etcd, kubelet, ca, key, adminToken } = await addressesOf(folder);
  let podLogs: PodLogs | undefined;
  const nodeServer = await startNodeServer(kubelet, { key, cert: ca }, () => podLogs);
  const requests = openRequests(ca);
  const controllers = controllersOf(folder);
  // Until a past is restored: nothing of the playground before is to be mended.
  controllers.stop();
  const handle = handlerOf(requests, server);
  const load = createLoader({ handle }, adminToken);
  const mirror = createMirror(LOOKED_AT);
  const backup = openEtcd(etcd, requests);
  const storage = new PlaneStorage({
    mirror,
    etcd: backup,
    controllers,
    send: (method, path, body, manager = 'playground') =>
      requests.now({
        method,
        url: `${server}${path}${method === 'POST' || method === 'PUT' ? `?fieldManager=${encodeURIComponent(manager)}` : ''}`,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  });
  load([...namespaces.map(namespaceOf), ...objects, ...policies]);
  load(NODES.map(nodeOf));
  for (const namespace of namespaces) for (const resource of WIPED) backup.wipe(keyOf(resource, namespace));
  const [home = 'default'] = namespaces;
  untilServed(storage, home);
  if (policies.length > 0) await untilInForce({ handle }, home, adminToken);
  storage.refresh(LOOKED_AT);

  const over = new AbortController();
  const api = connect({ kubeconfigPath: join(folder, 'kubeconfig'), clock: worldClock() });
  mirror.watch(api, over.signal);
  const forward = forwarder(server, ca);
  const front = await openFront({ clock, port, handle: forward, expire: () => front.faults.dropConnections() });
  return {
    ...front,
    storage,
    api: { handle },
    load,
    adminToken,
    setPodLogs: (logs) => void (podLogs = logs),
    tokenOf({ namespace, name }) {
      const { status, body } = requests.now({
        method: 'POST',
        url: `${server}/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }),
      });
      if (status > 299) throw new Error(`no token for ${namespace}/${name}: ${body}`);
      return (JSON.parse(body) as { status: { token: string } }).status.token;
    },
    async stop() {
      await front.stop();
      over.abort(new Error('the playground is over'));
      await api.close();
      await nodeServer.stop();
      await requests.stop();
    },
  };
}
