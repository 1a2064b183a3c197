/**
 * What is kept of a cluster in memory: slim rows instead of whole objects (design §9). A row holds no template and no env value, only
 * what plans, checks and progress look at. Times are ISO 8601.
 */

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastUpdateTime?: string;
  lastTransitionTime?: string;
}

/** What a pod template refers to, by name. `optional` references are left out. */
export interface TemplateRefs {
  configMaps: string[];
  secrets: string[];
}

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** How a StatefulSet or DaemonSet replaces its pods. */
export interface PodReplacement {
  /** Pods get the new template only when somebody deletes them. */
  isOnDelete: boolean;
  /** StatefulSet: pods with a lower number keep their version. */
  partition: number;
  /** StatefulSet, OrderedReady: nothing is done to later pods while an earlier one is not ready, even if it is to be replaced. */
  isOrdered: boolean;
  /** StatefulSet: name of the ControllerRevision that the controller works towards. */
  updateRevision?: string;
}

/** A Deployment. A StatefulSet or DaemonSet comes in the same shape: never paused, without a deadline, and with `replacement`. */
export interface WorkloadRow {
  kind: WorkloadKind;
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  createdAt: string;
  labels: Record<string, string>;
  /** All annotations but `kubectl.kubernetes.io/last-applied-configuration`, whose presence is `hasLastApplied`. */
  annotations: Record<string, string>;
  hasLastApplied: boolean;
  /** Names of those who own fields, newest first, with their time: who deployed last, when change-cause does not say. */
  managers: { manager: string; time?: string }[];
  ownerKind?: string;
  generation: number;
  observedGeneration: number;
  paused: boolean;
  /** `spec.selector.matchLabels`. */
  selector: Record<string, string>;
  templateHash: string;
  /** Container name → image, in the template's order. */
  images: Record<string, string>;
  refs: TemplateRefs;
  /** `deployment.kubernetes.io/revision`; 0 when missing. */
  revision: number;
  revisionHistoryLimit: number;
  progressDeadlineSeconds: number;
  replicas: number;
  status: {
    replicas: number;
    updatedReplicas: number;
    readyReplicas: number;
    availableReplicas: number;
  };
  conditions: Condition[];
  /** Present for a StatefulSet or DaemonSet. */
  replacement?: PodReplacement;
}

/** One version of a Deployment. A ControllerRevision, one of a StatefulSet or DaemonSet, comes in the same shape. */
export interface RevisionRow {
  name: string;
  namespace: string;
  uid: string;
  /** Of a ControllerRevision: when it was last deployed, also by coming back. */
  createdAt: string;
  /** Of a ControllerRevision: when it was deployed for the first time. It keeps that, but none of its former numbers, when it comes back. */
  firstDeployedAt?: string;
  /** uid of the controlling Deployment, StatefulSet or DaemonSet. */
  ownerUid?: string;
  annotations: Record<string, string>;
  revision: number;
  /** Former numbers of the same ReplicaSet, from `deployment.kubernetes.io/revision-history`. */
  formerRevisions: number[];
  templateHash: string;
  /** The label value that its pods carry. */
  podTemplateHash: string;
  images: Record<string, string>;
  refs: TemplateRefs;
  replicas: number;
  readyReplicas: number;
  availableReplicas: number;
}

export interface ContainerRow {
  name: string;
  image: string;
  /** The digest that runs, when the kubelet reported one. */
  imageId: string;
  ready: boolean;
  restartCount: number;
  waiting?: { reason: string; message?: string };
  terminated?: { reason: string; exitCode: number };
}

export interface PodRow {
  name: string;
  namespace: string;
  uid: string;
  createdAt: string;
  labels: Record<string, string>;
  /** uid of the controlling ReplicaSet, StatefulSet or DaemonSet. */
  ownerUid?: string;
  phase: string;
  ready: boolean;
  deleting: boolean;
  /** From the conditions: why it is not scheduled or not ready. */
  reason?: string;
  message?: string;
  containers: ContainerRow[];
}
