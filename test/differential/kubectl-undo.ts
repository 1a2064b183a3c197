/** `kubectl rollout undo` and `rollout restart` as kubectl does them, over any API server; what kubectl would print is the answer. */
import type { Api } from '#clients/kubernetes/api.ts';
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import type { Deployment, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations, controllerOf, podTemplateHashLabel } from '#playground/cluster/objects.ts';

const kept = new Set<string>(Object.values(annotations));

export const revisionNumber = (set: ReplicaSet): number =>
  Number(set.metadata.annotations?.[annotations.revision] ?? 0);

export interface Addresses {
  /** `/apis/apps/v1/namespaces/…` */
  apps: string;
  /** `/api/v1/namespaces/…` */
  core: string;
}

interface Undoing {
  api: Api;
  addresses: Addresses;
  name: string;
  signal: AbortSignal;
}

export async function ownedReplicaSets({ api, addresses, signal }: Undoing, owner: Deployment): Promise<ReplicaSet[]> {
  const { items } = await api.get<{ items: ReplicaSet[] }>(`${addresses.apps}/replicasets`, { signal });
  return items.filter((set) => controllerOf(set)?.uid === owner.metadata.uid);
}

/** `place` counts the revisions that are there from the oldest, round and round; none: the previous one. */
export async function undo(undoing: Undoing, place: number | undefined): Promise<string> {
  const { api, addresses, name, signal } = undoing;
  const path = `${addresses.apps}/deployments/${name}`;
  const current = await api.get<Deployment>(path, { signal });
  const sets = (await ownedReplicaSets(undoing, current)).toSorted((a, b) => revisionNumber(a) - revisionNumber(b));
  const target = place === undefined ? sets.at(-2) : sets[place % Math.max(1, sets.length)];
  if (!target) return `no rollout history found for deployment "${name}"`;
  if (current.spec.paused) return 'you cannot rollback a paused deployment';
  if (templateHash(target.spec.template) === templateHash(current.spec.template)) return 'skipped rollback';
  const { [podTemplateHashLabel]: _added, ...labels } = target.spec.template.metadata?.labels ?? {};
  const own = Object.entries(current.metadata.annotations ?? {}).filter(([key]) => kept.has(key));
  const restored = Object.entries(target.metadata.annotations ?? {}).filter(([key]) => !kept.has(key));
  const template = { ...target.spec.template, metadata: { ...target.spec.template.metadata, labels } };
  await api.jsonPatch(
    path,
    [
      { op: 'replace', path: '/spec/template', value: template },
      { op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...own, ...restored]) },
    ],
    { signal },
  );
  return 'rolled back';
}

export async function restart({ api, addresses, name, signal }: Undoing, at: string): Promise<string> {
  const path = `${addresses.apps}/deployments/${name}`;
  const { spec } = await api.get<Deployment>(path, { signal });
  if (spec.paused) return "can't restart paused deployment (run rollout resume first)";
  const marks = { 'kubectl.kubernetes.io/restartedAt': at };
  await api.mergePatch(path, { spec: { template: { metadata: { annotations: marks } } } }, { signal });
  return 'restarted';
}
