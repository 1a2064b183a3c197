/** Cells of built-in kinds, in the order of the recorded columns. */
import type { StoredObject } from '../../storage-contract.ts';
import { age } from './duration.ts';
import { eventCells, leaseCells } from './record-cells.ts';
import { podCells } from './pod-cells.ts';
import type { Column } from './table.ts';
import { autoscalerCells, controllerRevisionCells, disruptionBudgetCells, serviceCells } from './service-cells.ts';
import { daemonSetCells, deploymentCells, replicaSetCells, statefulSetCells } from './workload-cells.ts';

export type Fields = Record<string, unknown>;
type Cells = (object: StoredObject, now: number) => unknown[];

export const fields = (value: unknown): Fields => (value ?? {}) as Fields;
export const size = (value: unknown): number => Object.keys(value ?? {}).length;

function bindingCells(object: StoredObject, now: number): unknown[] {
  const role = fields(object['roleRef']);
  const subjects = (object['subjects'] ?? []) as { kind: string; name: string; namespace?: string }[];
  const names = (kind: string): string =>
    subjects
      .filter((s) => s.kind === kind)
      .map((s) => (kind === 'ServiceAccount' ? `${s.namespace}/${s.name}` : s.name))
      .join(', ');
  return [
    object.metadata.name,
    `${String(role['kind'])}/${String(role['name'])}`,
    age(object.metadata.creationTimestamp, now),
    names('User'),
    names('Group'),
    names('ServiceAccount'),
  ];
}

function nodeCells({ metadata, ...object }: StoredObject, now: number): unknown[] {
  const status = fields(object['status']);
  const node = fields(status['nodeInfo']);
  const conditions = (status['conditions'] ?? []) as { type: string; status: string }[];
  const ready = conditions.find((c) => c.type === 'Ready')?.status;
  const state = ready === 'True' ? 'Ready' : ready === 'False' ? 'NotReady' : 'Unknown';
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  const addresses = (status['addresses'] ?? []) as { type: string; address: string }[];
  const address = (type: string): string => addresses.find((a) => a.type === type)?.address ?? '<none>';
  const known = (name: string): unknown => node[name] ?? '<unknown>';
  return [
    metadata.name,
    fields(object['spec'])['unschedulable'] ? `${state},SchedulingDisabled` : state,
    roles.length > 0 ? roles.map((key) => key.slice(prefix.length)).join(',') : '<none>',
    age(metadata.creationTimestamp, now),
    node['kubeletVersion'] ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    known('osImage'),
    known('kernelVersion'),
    known('containerRuntimeVersion'),
  ];
}

function definitionCells(object: StoredObject): unknown[] {
  const spec = fields(object['spec']);
  const names = fields(spec['names']);
  const versions = (spec['versions'] ?? []) as { name: string; served: boolean; storage: boolean }[];
  const served = versions.filter((v) => v.served).map((v) => (v.storage ? `${v.name}(storage)` : v.name));
  return [
    object.metadata.name,
    spec['scope'],
    served.join(','),
    object.metadata.creationTimestamp,
    spec['group'],
    names['kind'],
    ((names['shortNames'] ?? []) as string[]).join(','),
    true,
  ];
}

const cells: Record<string, Cells> = {
  ConfigMap: ({ metadata, ...object }, now) => [
    metadata.name,
    size(object['data']) + size(object['binaryData']),
    age(metadata.creationTimestamp, now),
  ],
  Secret: ({ metadata, ...object }, now) => [
    metadata.name,
    object['type'],
    size(object['data']),
    age(metadata.creationTimestamp, now),
  ],
  Namespace: ({ metadata, ...object }, now) => [
    metadata.name,
    fields(object['status'])['phase'],
    age(metadata.creationTimestamp, now),
  ],
  ServiceAccount: ({ metadata }, now) => [metadata.name, age(metadata.creationTimestamp, now)],
  RoleBinding: bindingCells,
  ClusterRoleBinding: bindingCells,
  Node: nodeCells,
  CustomResourceDefinition: definitionCells,
  Lease: leaseCells,
  Event: eventCells,
  Pod: podCells,
  Deployment: deploymentCells,
  ReplicaSet: replicaSetCells,
  StatefulSet: statefulSetCells,
  DaemonSet: daemonSetCells,
  Service: serviceCells,
  HorizontalPodAutoscaler: autoscalerCells,
  PodDisruptionBudget: disruptionBudgetCells,
  ControllerRevision: controllerRevisionCells,
};

/** Kinds without cells of their own show the name, the creation time where the column is a date, and the age. */
function generic(object: StoredObject, columns: Column[], now: number): unknown[] {
  return columns.map((column) => {
    if (column.name === 'Name') return object.metadata.name;
    if (column.name === 'Age') return age(object.metadata.creationTimestamp, now);
    if (column.name === 'Created At') return object.metadata.creationTimestamp;
    return column.type === 'string' ? '<none>' : null;
  });
}

export function cellsOf(object: StoredObject, columns: Column[], now: number): unknown[] {
  return cells[object.kind]?.(object, now) ?? generic(object, columns, now);
}
