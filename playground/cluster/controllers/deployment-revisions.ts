/** Which ReplicaSet belongs to a Deployment's template, its number in the history, and what is removed from that history. */
import { isDeepStrictEqual } from 'node:util';
import { StorageError } from '../storage.ts';
import type { Rollout } from './deployment-controller.ts';
import { newReplicaCount, replicaAnnotations } from './deployment-scaling.ts';
import { conditionOf, hasDeadline, withCondition } from './deployment-status.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../objects.ts';
import { annotations, byAge, controllerOf, podTemplateHashLabel, replicaSets } from '../objects.ts';
import { encodeSafely, replace, timestamp } from './trusted-client.ts';

const notCopied = new Set<string>(Object.values(annotations));
const longestHistoryLetters = 2000;

/** Empty lists, maps of labels and annotations mean the same as none. */
function normalised(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((v) => normalised(v));
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .filter(([name]) => name !== podTemplateHashLabel)
    .map(([name, inner]) => [name, normalised(inner, name)] as const)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const mayVanish = key === 'labels' || key === 'annotations' || key === 'metadata';
  return entries.length === 0 && mayVanish ? undefined : Object.fromEntries(entries);
}

const texts = new WeakMap<PodTemplate, string>();

/** Equal templates give equal text; the hash label does not count. */
export function templateText(template: PodTemplate): string {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const text = JSON.stringify(normalised(template));
  texts.set(template, text);
  return text;
}

/** FNV-1a, as the real controller's hash is; ours is over other text, so the values differ. */
function templateHash(template: PodTemplate, collisionCount = 0): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(templateText(template) + (collisionCount || ''))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return encodeSafely(String(hash));
}

/** The oldest wins where several have the template. */
export function findNewReplicaSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const text = templateText(deployment.spec.template);
  return sets.toSorted(byAge).find((set) => templateText(set.spec.template) === text);
}

/** NaN when the annotation is no number. */
export function revisionOf(set: ReplicaSet): number {
  const text = set.metadata.annotations?.[annotations.revision];
  return text === undefined ? 0 : /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

export function maxRevision(sets: readonly ReplicaSet[]): number {
  return sets.reduce((max, set) => Math.max(max, revisionOf(set) || 0), 0);
}

function lengthenedHistory(history: string, former: string): string {
  if (history === '') return former;
  const numbers = [...history.split(','), former];
  while (numbers.length > 1 && numbers.join(',').length > longestHistoryLetters) numbers.shift();
  return numbers.join(',');
}

/** The Deployment's annotations on top of the set's own, the number raised and the former one remembered. */
export function renumbered(deployment: Deployment, set: ReplicaSet, revision: number): Record<string, string> {
  const own = { ...set.metadata.annotations };
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  Object.assign(own, Object.fromEntries(copied));
  const former = own[annotations.revision];
  const formerNumber = revisionOf(set);
  if (Number.isNaN(formerNumber) || formerNumber >= revision) return own;
  own[annotations.revision] = String(revision);
  if (former !== undefined) {
    own[annotations.revisionHistory] = lengthenedHistory(own[annotations.revisionHistory] ?? '', former);
  }
  return own;
}

function syncExisting(rollout: Rollout, set: ReplicaSet, revision: number): ReplicaSet {
  const { deployment } = rollout;
  const next = renumbered(deployment, set, revision);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  if (!isDeepStrictEqual(next, set.metadata.annotations ?? {}) || (set.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const { minReadySeconds: _former, ...spec } = set.spec;
    return replace(rollout.storage, replicaSets, {
      ...set,
      metadata: { ...set.metadata, annotations: next },
      spec: { ...spec, ...(minReadySeconds > 0 && { minReadySeconds }) },
    });
  }
  const numbered = rollout.setRevision(next[annotations.revision] ?? '0');
  const isFound = hasDeadline(deployment) && conditionOf(deployment.status, 'Progressing') === undefined;
  if (isFound) {
    rollout.setStatus(
      withCondition(deployment.status ?? {}, {
        type: 'Progressing',
        status: 'True',
        reason: 'FoundNewReplicaSet',
        message: `Found new replica set "${set.metadata.name}"`,
        at: timestamp(rollout.now()),
      }),
    );
  }
  if (numbered || isFound) rollout.writeStatus();
  return set;
}

function builtReplicaSet(
  rollout: Rollout,
  old: readonly ReplicaSet[],
): Omit<ReplicaSet, 'metadata'> & { metadata: object } {
  const { deployment } = rollout;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [podTemplateHashLabel]: hash };
  const { name, namespace, uid } = deployment.metadata;
  const replicas = newReplicaCount(deployment, old, 0);
  const bare = { metadata: { name: '' }, spec: {} } as unknown as ReplicaSet;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: { ...renumbered(deployment, bare, maxRevision(old) + 1), ...replicaAnnotations(deployment) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [podTemplateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

/** The name is taken: by the very same set, or by another template with the same hash. */
function resolveCollision(rollout: Rollout, name: string, error: StorageError): ReplicaSet {
  const { deployment } = rollout;
  const taken = rollout.replicaSet(name);
  const isOurs =
    taken !== undefined &&
    controllerOf(taken)?.uid === deployment.metadata.uid &&
    templateText(taken.spec.template) === templateText(deployment.spec.template);
  if (isOurs) return taken;
  rollout.setStatus({ ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
  rollout.writeStatus();
  throw error;
}

function createNew(rollout: Rollout, old: readonly ReplicaSet[]): ReplicaSet {
  const built = builtReplicaSet(rollout, old);
  const { name } = built.metadata as { name: string };
  let created: ReplicaSet;
  let isNew = true;
  try {
    created = rollout.storage.create(replicaSets, built) as ReplicaSet;
  } catch (error) {
    if (!(error instanceof StorageError) || error.reason !== 'AlreadyExists') throw error;
    created = resolveCollision(rollout, name, error);
    isNew = false;
  }
  if (isNew && created.spec.replicas > 0) rollout.recordScaling(name, 0, created.spec.replicas);
  const numbered = rollout.setRevision(String(maxRevision(old) + 1));
  const isReported = isNew && hasDeadline(rollout.deployment);
  if (isReported) {
    rollout.setStatus(
      withCondition(rollout.deployment.status ?? {}, {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetCreated',
        message: `Created new replica set "${name}"`,
        at: timestamp(rollout.now()),
      }),
    );
  }
  if (numbered || isReported) rollout.writeStatus();
  return created;
}

export interface Sets {
  newSet: ReplicaSet | undefined;
  old: ReplicaSet[];
}

/** The set of the current template, numbered, and the others. Without `create` a missing one stays missing. */
export function syncRevision(rollout: Rollout, create: true): Sets & { newSet: ReplicaSet };
export function syncRevision(rollout: Rollout, create: false): Sets;
export function syncRevision(rollout: Rollout, create: boolean): Sets {
  const found = findNewReplicaSet(rollout.deployment, rollout.replicaSets);
  const old = rollout.replicaSets.filter((set) => set.metadata.uid !== found?.metadata.uid);
  if (found) return { newSet: syncExisting(rollout, found, maxRevision(old) + 1), old };
  return { newSet: create ? createNew(rollout, old) : undefined, old };
}

/** Deletes the oldest revisions beyond the limit, only those with no pods left. */
export function cleanUpHistory(rollout: Rollout, old: readonly ReplicaSet[]): void {
  const limit = rollout.deployment.spec.revisionHistoryLimit;
  if (limit === undefined) return;
  const alive = old.filter((set) => set.metadata.deletionTimestamp === undefined);
  const byRevision = alive.toSorted((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b));
  for (const set of byRevision.slice(0, Math.max(0, alive.length - limit))) {
    const isSettled = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
    const isEmpty = set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0;
    if (isEmpty && isSettled) rollout.storage.remove(replicaSets, set.metadata.namespace, set.metadata.name);
  }
}
