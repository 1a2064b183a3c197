/** Rows of a cluster for tests: auth-service on the runbook's night, v1.4.3 running, v1.4.2 before it. Each test changes what its story is about. */
import type { ContainerRow, WorkloadRow, PodRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { at } from './builders.ts';

const REGISTRY = 'registry.lomashwood.com';

export const imageOf = (version: string): string => `${REGISTRY}/auth-service:${version}`;

export function aReplicaSet(version: string, revision: number, more: Partial<RevisionRow> = {}): RevisionRow {
  return {
    name: `auth-service-${version.replaceAll('.', '')}`,
    namespace: 'lomash-wood',
    uid: `uid-${version}`,
    createdAt: at('01:00'),
    ownerUid: 'uid-auth-service',
    annotations: {},
    revision,
    formerRevisions: [],
    templateHash: `hash-${version}`,
    podTemplateHash: `pth-${version}`,
    images: { 'auth-service': imageOf(version) },
    refs: { configMaps: [], secrets: [] },
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    ...more,
  };
}

export function aDeployment(version: string, more: Partial<WorkloadRow> = {}): WorkloadRow {
  return {
    kind: 'Deployment',
    name: 'auth-service',
    namespace: 'lomash-wood',
    uid: 'uid-auth-service',
    resourceVersion: '100',
    createdAt: '2026-01-05T09:00:00.000Z',
    labels: {},
    annotations: {},
    hasLastApplied: false,
    managers: [],
    generation: 4,
    observedGeneration: 4,
    paused: false,
    selector: { app: 'auth-service' },
    templateHash: `hash-${version}`,
    images: { 'auth-service': imageOf(version) },
    refs: { configMaps: [], secrets: [] },
    revision: 4,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    replicas: 3,
    status: { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 },
    conditions: [],
    ...more,
  };
}

export function aContainer(version: string, more: Partial<ContainerRow> = {}): ContainerRow {
  return { name: 'auth-service', image: imageOf(version), imageId: '', ready: true, restartCount: 0, ...more };
}

export function aPod(version: string, more: Partial<PodRow> = {}): PodRow {
  return {
    name: `auth-service-${version.replaceAll('.', '')}-7c9xk`,
    namespace: 'lomash-wood',
    uid: `uid-pod-${version}`,
    createdAt: at('02:50'),
    labels: { app: 'auth-service' },
    ownerUid: `uid-${version}`,
    phase: 'Running',
    ready: true,
    deleting: false,
    containers: [aContainer(version)],
    ...more,
  };
}
