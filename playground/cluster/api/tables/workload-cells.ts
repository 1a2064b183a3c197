/** Cells of Deployments, ReplicaSets, StatefulSets and DaemonSets. */
import type { StoredObject } from '../../storage-contract.ts';
import { age } from './duration.ts';

interface Workload extends StoredObject {
  spec: {
    replicas?: number;
    selector?: Selector;
    template?: { spec?: { containers?: { name: string; image: string }[]; nodeSelector?: Record<string, string> } };
  };
  status?: Record<string, number | undefined>;
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** `app=web,tier in (a,b)`, as printed in the wide table and in a Scale's status. */
export function selectorText(selector: Selector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`] as const);
  const sets = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    const list = `(${values.toSorted().join(',')})`;
    const texts: Record<string, string> = {
      In: `${key} in ${list}`,
      NotIn: `${key} notin ${list}`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    return [key, texts[operator] ?? key] as const;
  });
  const sorted = [...equal, ...sets].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '<none>' : sorted.map(([, text]) => text).join(',');
}

function containers({ spec }: Workload): [string, string] {
  const list = spec.template?.spec?.containers ?? [];
  return [list.map((c) => c.name).join(','), list.map((c) => c.image).join(',')];
}

const count = (workload: Workload, field: string): number => workload.status?.[field] ?? 0;

export function deploymentCells(object: StoredObject, now: number): unknown[] {
  const workload = object as Workload;
  return [
    workload.metadata.name,
    `${count(workload, 'readyReplicas')}/${workload.spec.replicas ?? 0}`,
    String(count(workload, 'updatedReplicas')),
    String(count(workload, 'availableReplicas')),
    age(workload.metadata.creationTimestamp, now),
    ...containers(workload),
    selectorText(workload.spec.selector),
  ];
}

export function replicaSetCells(object: StoredObject, now: number): unknown[] {
  const workload = object as Workload;
  return [
    workload.metadata.name,
    workload.spec.replicas ?? 0,
    count(workload, 'replicas'),
    count(workload, 'readyReplicas'),
    age(workload.metadata.creationTimestamp, now),
    ...containers(workload),
    selectorText(workload.spec.selector),
  ];
}

export function statefulSetCells(object: StoredObject, now: number): unknown[] {
  const workload = object as Workload;
  return [
    workload.metadata.name,
    `${count(workload, 'readyReplicas')}/${workload.spec.replicas ?? 0}`,
    age(workload.metadata.creationTimestamp, now),
    ...containers(workload),
  ];
}

export function daemonSetCells(object: StoredObject, now: number): unknown[] {
  const workload = object as Workload;
  const nodes = workload.spec.template?.spec?.nodeSelector;
  return [
    workload.metadata.name,
    count(workload, 'desiredNumberScheduled'),
    count(workload, 'currentNumberScheduled'),
    count(workload, 'numberReady'),
    count(workload, 'updatedNumberScheduled'),
    count(workload, 'numberAvailable'),
    selectorText({ matchLabels: nodes ?? {} }),
    age(workload.metadata.creationTimestamp, now),
    ...containers(workload),
    selectorText(workload.spec.selector),
  ];
}
