/**
 * What the bot would remember had it run all along: how long each version of the past was the healthy one, as journals in the bot's own
 * namespace. Without it a fresh world's versions are all "not known".
 */
import { type Catalogue, workloadName } from '#catalogue/catalogue.ts';
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import type { Journal, Rollout } from '#journal/journal.ts';
import { journalName } from '#journal/store.ts';
import { deployments, replicaSets } from '../cluster/objects.ts';
import type { KubernetesManifest } from '../cluster/server.ts';
import type { StoredObject } from '../cluster/storage-contract.ts';
import type { ClusterStorage } from '../cluster/storage.ts';

const MINUTE_MS = 60_000;

interface Templated {
  spec: { template: Parameters<typeof templateHash>[0] };
}

function rolloutsOf(deployment: StoredObject, all: readonly StoredObject[], nowMs: number): Rollout[] {
  const owned = all
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
    .toSorted((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
  return owned.map(({ metadata, ...rest }, i) => {
    const from = Date.parse(metadata.creationTimestamp);
    const to = Date.parse(owned[i + 1]?.metadata.creationTimestamp ?? '') || nowMs;
    return {
      workload: deployment.metadata.name,
      templateHash: templateHash((rest as unknown as Templated).spec.template),
      replicaSet: { name: metadata.name, uid: metadata.uid },
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      healthyMinutes: Math.floor((to - from) / MINUTE_MS),
      watching: i === owned.length - 1,
    };
  });
}

/** One ConfigMap per environment. */
export function rememberedJournals(
  storage: ClusterStorage,
  { catalogue, namespace, nowMs }: { catalogue: Catalogue; namespace: string; nowMs: number },
): KubernetesManifest[] {
  return Object.entries(catalogue.environments).map(([environment, { namespace: place }]) => {
    const sets = storage.peek(replicaSets, place);
    const workloads = Object.keys(catalogue.services).map((service) => workloadName(catalogue, environment, service));
    const rollouts = workloads.flatMap((workload) => {
      const deployment = storage.peekOne(deployments, place, workload);
      return deployment ? rolloutsOf(deployment, sets, nowMs) : [];
    });
    const journal: Journal = { rollouts, left: [] };
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: journalName(environment), namespace },
      data: { 'journal.json': JSON.stringify(journal) },
    };
  });
}
