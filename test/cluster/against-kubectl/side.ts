/** One of two namespaces that live through the same histories: changes Deployments there, and waits until its controllers are at rest. */
import type { JsonPatch } from '#clients/kubernetes/api.ts';
import type { RawDeployment } from '#clients/kubernetes/rows/deployment-row.ts';
import type { RawReplicaSet } from '#clients/kubernetes/rows/replica-set-row.ts';
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { workloads } from '#clients/kubernetes/workloads.ts';
import { clock, eventually, type Plane } from '../plane.ts';
import { kubectl, type Told } from './kubectl.ts';

/** kubectl's six: the controller copies them to no ReplicaSet. */
const OWN = /^kubectl\.kubernetes\.io\/last-applied|^deployment\.kubernetes\.io\/|^deprecated\.deployment\.rollback/;
const REST_TIMEOUT_MS = 60_000;

/** The one that the controller takes for the template: of several the oldest, then by name. */
function taken(d: WorkloadRow, owned: readonly RevisionRow[]): RevisionRow | undefined {
  return owned
    .filter((row) => row.templateHash === d.templateHash)
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name))[0];
}

/** What is still to come; undefined: nothing, until somebody changes something. Deployments have the default strategy and 0 to 3 pods. */
function unrest(d: WorkloadRow, owned: readonly RevisionRow[]): string | undefined {
  const current = taken(d, owned);
  if (d.observedGeneration < d.generation) return 'not observed';
  if (current === undefined && !d.paused) return 'no ReplicaSet yet';
  if (current !== undefined && current.revision !== d.revision) return 'revision not copied';
  const copied = Object.entries(d.annotations).every(
    ([key, value]) => OWN.test(key) || current?.annotations[key] === value,
  );
  if (current !== undefined && !copied) return 'annotations not copied';
  const old = owned.filter((row) => row !== current).toSorted((a, b) => a.revision - b.revision);
  if (current !== undefined && old.some((row) => row.revision >= current.revision)) return 'a copy has its number';
  const total = owned.reduce((sum, row) => sum + row.replicas, 0);
  const isRunnable = !/-(broken|crash)$/.test(d.images['main'] ?? '') || d.replicas === 0;
  if (!d.paused && isRunnable) {
    const { replicas, updatedReplicas, availableReplicas } = d.status;
    if ([total, current!.replicas, replicas, updatedReplicas, availableReplicas].some((n) => n !== d.replicas))
      return 'not complete';
  } else if (!d.paused) {
    const isStuck = current!.replicas > 0 && (total === d.replicas + 1 || current!.replicas === d.replicas);
    return isStuck ? undefined : 'not stuck yet';
  }
  const excess = old.slice(0, Math.max(0, old.length - d.revisionHistoryLimit));
  return excess.some((row) => row.replicas === 0) ? 'history not cleaned up' : undefined;
}

export interface Side {
  readonly plane: Plane;
  readonly view: ReturnType<typeof workloads>;
  kubectl(words: string): Promise<Told>;
  create(deployment: object): Promise<void>;
  patch(name: string, patch: JsonPatch): Promise<void>;
  merge(name: string, patch: object): Promise<void>;
  read(name: string): Promise<RawDeployment>;
  /** ReplicaSets of the Deployment by name, uncached. */
  replicaSets(name: string): Promise<RawReplicaSet[]>;
  /** A second ReplicaSet of the same template, as an older cluster may have left behind. */
  duplicate(replicaSet: RawReplicaSet): Promise<void>;
  /** Waits until the controllers have nothing left to do for it. */
  rest(name: string): Promise<void>;
}

export function side(plane: Plane): Side {
  const { api, namespace, signal } = plane;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const path = (name: string): string => `${apps}/deployments/${name}`;
  const view = workloads({ api, namespace, clock });
  const read = (name: string): Promise<RawDeployment> => api.get<RawDeployment>(path(name), { signal });

  async function rest(name: string): Promise<void> {
    const { metadata } = await read(name);
    let why: string | undefined = '';
    const isResting = (): true | undefined => {
      const row = view.deployments.get(name);
      if (row?.uid !== metadata.uid || row.generation < (metadata.generation ?? 0)) return undefined;
      why = unrest(
        row,
        view.replicaSets.all().filter((r) => r.ownerUid === row.uid),
      );
      return why === undefined ? true : undefined;
    };
    await eventually(`${name} is at rest`, isResting, REST_TIMEOUT_MS).catch((error: unknown) => {
      throw new Error(`${namespace}: ${String(error)} (${why})`, { cause: error });
    });
  }

  async function replicaSets(name: string): Promise<RawReplicaSet[]> {
    const { items } = await api.get<{ items: RawReplicaSet[] }>(`${apps}/replicasets?labelSelector=app%3D${name}`, {
      signal,
    });
    return items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  async function duplicate({ metadata, spec }: RawReplicaSet): Promise<void> {
    const labels = { ...metadata.labels, 'pod-template-hash': `${metadata.labels?.['pod-template-hash']}x` };
    const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
    const { annotations = {}, ownerReferences = [] } = metadata;
    const copy = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: `${metadata.name}-x`, labels, annotations, ownerReferences },
      spec: { ...spec, replicas: 0, selector: { matchLabels: labels }, template },
    };
    await api.create(`${apps}/replicasets`, copy, { signal });
    await eventually('the copy is seen', () => view.replicaSets.get(copy.metadata.name));
  }

  return {
    plane,
    view,
    kubectl: (words) => kubectl(namespace, words),
    create: async (deployment) => void (await api.create(`${apps}/deployments`, deployment, { signal })),
    patch: async (name, patch) => void (await api.jsonPatch(path(name), patch, { signal })),
    merge: async (name, patch) => void (await api.mergePatch(path(name), patch, { signal })),
    read,
    replicaSets,
    duplicate,
    rest,
  };
}
