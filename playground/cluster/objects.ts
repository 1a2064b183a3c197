/** The kinds that the controllers read and write, with the fields they look at, and what can be asked of them. */
import type { Resource, StoredObject } from './storage-contract.ts';

export const deployments: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };
export const replicaSets: Resource = { group: 'apps', version: 'v1', plural: 'replicasets' };
export const pods: Resource = { group: '', version: 'v1', plural: 'pods' };
export const events: Resource = { group: '', version: 'v1', plural: 'events' };
export const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces' };
export const nodes: Resource = { group: '', version: 'v1', plural: 'nodes' };
export const serviceAccounts: Resource = { group: '', version: 'v1', plural: 'serviceaccounts' };
export const resourceQuotas: Resource = { group: '', version: 'v1', plural: 'resourcequotas' };
export const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps' };
export const secrets: Resource = { group: '', version: 'v1', plural: 'secrets' };
export const services: Resource = { group: '', version: 'v1', plural: 'services' };
export const podDisruptionBudgets: Resource = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' };
export const horizontalPodAutoscalers: Resource = {
  group: 'autoscaling',
  version: 'v2',
  plural: 'horizontalpodautoscalers',
};

export const podTemplateHashLabel = 'pod-template-hash';

/** What the Deployment controller writes itself and therefore never copies between a Deployment and its ReplicaSets. */
export const annotations = {
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  desiredReplicas: 'deployment.kubernetes.io/desired-replicas',
  maxReplicas: 'deployment.kubernetes.io/max-replicas',
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
  rollbackTo: 'deprecated.deployment.rollback.to',
} as const;

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
  lastTransitionTime?: string;
  lastProbeTime?: string | null;
}

interface NamedReference {
  name: string;
  optional?: boolean;
}

export interface Container {
  name: string;
  image: string;
  envFrom?: { configMapRef?: NamedReference; secretRef?: NamedReference }[];
  env?: { name: string; value?: string; valueFrom?: { configMapKeyRef?: KeyReference; secretKeyRef?: KeyReference } }[];
  readinessProbe?: {
    httpGet?: { path?: string; port?: number | string; scheme?: string };
    periodSeconds?: number;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

interface KeyReference extends NamedReference {
  key: string;
}

export interface PodSpec {
  containers: Container[];
  volumes?: {
    name: string;
    configMap?: { name: string; optional?: boolean };
    secret?: { secretName: string; optional?: boolean };
    [field: string]: unknown;
  }[];
  nodeName?: string;
  serviceAccountName?: string;
  terminationGracePeriodSeconds?: number;
  [field: string]: unknown;
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string>; [field: string]: unknown };
  spec: PodSpec;
}

export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  terminatingReplicas?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

export interface Deployment extends StoredObject {
  spec: {
    replicas: number;
    selector: LabelSelector;
    template: PodTemplate;
    strategy: {
      type: 'RollingUpdate' | 'Recreate';
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    paused?: boolean;
  };
  status?: DeploymentStatus;
}

export interface ReplicaSetStatus {
  observedGeneration?: number;
  replicas?: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  terminatingReplicas?: number;
  conditions?: Condition[];
}

export interface ReplicaSet extends StoredObject {
  spec: { replicas: number; selector: LabelSelector; template: PodTemplate; minReadySeconds?: number };
  status?: ReplicaSetStatus;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string; containerID?: string };
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface Pod extends StoredObject {
  spec: PodSpec;
  status?: {
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    startTime?: string;
    podIP?: string;
    [field: string]: unknown;
  };
}

export function controllerOf(object: StoredObject): { kind: string; name: string; uid: string } | undefined {
  return object.metadata.ownerReferences?.find((o) => o.controller === true);
}

/** An empty selector matches nothing here: the API server refuses it on workloads. */
export function selects(selector: LabelSelector, labels: Record<string, string> = {}): boolean {
  const byLabel = Object.entries(selector.matchLabels ?? {});
  const byExpression = selector.matchExpressions ?? [];
  if (byLabel.length + byExpression.length === 0) return false;
  return (
    byLabel.every(([key, value]) => labels[key] === value) &&
    byExpression.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const isListed = value !== undefined && values.includes(value);
      return operator === 'In' ? isListed : !isListed;
    })
  );
}

export const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

/** Counts as a replica: not finished and not being deleted. */
export const isActive = (pod: Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;

/** Oldest first; names decide among equals. */
export function byAge(a: StoredObject, b: StoredObject): number {
  const [left, right] = [a.metadata, b.metadata];
  if (left.creationTimestamp !== right.creationTimestamp) {
    return left.creationTimestamp < right.creationTimestamp ? -1 : 1;
  }
  return left.name < right.name ? -1 : 1;
}
