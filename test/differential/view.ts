/** What a person sees of a namespace at rest, in a form that two planes can be compared in. */
import type { Condition, Deployment, Pod, ReplicaSet } from '#playground/cluster/objects.ts';
import { annotations, byAge, controllerOf, isReady, podTemplateHashLabel } from '#playground/cluster/objects.ts';
import { type Objects, waitingReason } from './rest.ts';

export interface SeenEvent {
  kind: string;
  type: string;
  reason: string;
}

export type View = Record<string, unknown>;

type Rename = (text: string) => string;

/** ReplicaSets are called by their place, the oldest first: their names hold the hash of the template. Conditions may name one that is gone. */
function renaming(sets: readonly ReplicaSet[]): Rename {
  const { namespace = '' } = sets[0]?.metadata ?? {};
  const places = sets.map((set, index): [string, string] => [set.metadata.name, `web-<${index + 1}>`]);
  const gone = /"web-[bcdf-hj-np-tv-z24-9]+"/g;
  return (text) =>
    [...places, [namespace, '<namespace>'] as const]
      .reduce((changed, [name, place]) => (name === '' ? changed : changed.replaceAll(name, place)), text)
      .replaceAll(gone, '"web-<gone>"');
}

const seenConditions = (conditions: readonly Condition[] | undefined, rename: Rename): Record<string, string> =>
  Object.fromEntries(
    (conditions ?? []).map(({ type, status, reason = '', message = '' }) => [
      type,
      `${status} ${reason}: ${rename(message)}`,
    ]),
  );

function seenTemplate({ metadata, spec }: Deployment['spec']['template']): object {
  const { [podTemplateHashLabel]: _hash, ...labels } = metadata?.labels ?? {};
  return { metadata: { ...metadata, labels }, spec };
}

function seenDeployment({ metadata, spec, status = {} }: Deployment, rename: Rename): View {
  const { conditions, observedGeneration, ...counts } = status;
  const { template, ...rest } = spec;
  return {
    labels: metadata.labels,
    annotations: metadata.annotations,
    generation: metadata.generation,
    observedGeneration,
    spec: rest,
    template: seenTemplate(template),
    counts,
    conditions: seenConditions(conditions, rename),
  };
}

function seenPod({ status, metadata }: Pod): string {
  const { [podTemplateHashLabel]: _hash, ...labels } = metadata.labels ?? {};
  const phase = status?.phase ?? '';
  return `${phase}${isReadyText(status?.conditions)} ${JSON.stringify(labels)}`;
}

const isReadyText = (conditions: readonly Condition[] | undefined): string =>
  conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ? ' ready' : ' not ready';

function seenReplicaSet({ metadata, spec, status }: ReplicaSet, pods: readonly Pod[], rename: Rename): View {
  const { conditions, observedGeneration, ...counts } = status ?? {};
  const { [podTemplateHashLabel]: _hash, ...labels } = metadata.labels ?? {};
  const { template, selector: _selector, ...rest } = spec;
  return {
    labels,
    annotations: metadata.annotations,
    revision: metadata.annotations?.[annotations.revision],
    generation: metadata.generation,
    isObserved: observedGeneration === metadata.generation,
    spec: rest,
    template: seenTemplate(template),
    counts,
    conditions: seenConditions(conditions, rename),
    pods: pods
      .filter((pod) => controllerOf(pod)?.uid === metadata.uid)
      .map((pod) => [seenPod(pod), waitingReason(pod)].filter(Boolean).join(' '))
      .toSorted(),
  };
}

export function viewOf({ deployments, replicaSets, pods }: Objects): View {
  const sets = replicaSets.toSorted(byAge);
  const rename = renaming(sets);
  return {
    deployment: deployments[0] && seenDeployment(deployments[0], rename),
    replicaSets: Object.fromEntries(
      sets.map((set, index) => [`web-<${index + 1}>`, seenReplicaSet(set, pods, rename)]),
    ),
    strays: pods.filter((pod) => !sets.some((set) => set.metadata.uid === controllerOf(pod)?.uid)).length,
    ready: pods.filter(isReady).length,
  };
}

/** Which reasons were told about which kind: how often is told by chance on both planes. */
export const seenEvents = (events: readonly SeenEvent[]): string[] =>
  [...new Set(events.map(({ kind, type, reason }) => `${kind} ${type} ${reason}`))].toSorted();
