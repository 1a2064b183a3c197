import { describe, expect, it } from '@jest/globals';
import { deploymentRow, type RawDeployment, revisionOf } from '#clients/kubernetes/rows/deployment-row.ts';
import { podRow, type RawPod } from '#clients/kubernetes/rows/pod-row.ts';
import { type RawReplicaSet, replicaSetRow } from '#clients/kubernetes/rows/replica-set-row.ts';
import { refsOf } from '#clients/kubernetes/rows/template-parts.ts';
import { raw } from './raw.ts';

const secret = 'hunter2';
const template = {
  metadata: { labels: { app: 'auth' } },
  spec: { containers: [{ name: 'main', image: 'auth:v1', env: [{ name: 'TOKEN', value: secret }] }] },
};

function rawDeployment(spec: object = {}, status: object = {}, metadata: object = {}): RawDeployment {
  const base = raw('auth', '9');
  return { ...base, metadata: { ...base.metadata, ...metadata }, spec: { template, ...spec }, status };
}

describe('a Deployment as a row', () => {
  it('has the API server’s defaults where the object is silent', () => {
    expect(deploymentRow(rawDeployment())).toMatchObject({
      paused: false,
      replicas: 1,
      revision: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      generation: 0,
      observedGeneration: 0,
      status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
      images: { main: 'auth:v1' },
    });
  });

  it('keeps the fact of a last-applied annotation, not its content, and no value of the template', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': secret, note: 'x' };
    const row = deploymentRow(rawDeployment({}, {}, { annotations }));
    expect(row).toMatchObject({ hasLastApplied: true, annotations: { note: 'x' } });
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it('names who wrote it, newest first, without the status writes of controllers', () => {
    const managedFields = [
      { manager: 'helm', time: '2026-11-23T01:00:00Z' },
      { manager: 'kube-controller-manager', time: '2026-11-23T03:00:00Z', subresource: 'status' },
      { manager: 'kubectl-set', time: '2026-11-23T02:00:00Z' },
    ];
    expect(deploymentRow(rawDeployment({}, {}, { managedFields })).managers.map((m) => m.manager)).toEqual([
      'kubectl-set',
      'helm',
    ]);
  });

  it.each([
    ['missing', {}, 0],
    ['a number', { 'deployment.kubernetes.io/revision': '12' }, 12],
    ['unreadable', { 'deployment.kubernetes.io/revision': 'twelve' }, -1],
  ])('reads a revision that is %s', (_what, annotations, expected) => {
    expect(revisionOf(annotations)).toBe(expected);
  });
});

it('gives Deployment and ReplicaSet of the same template the same hash', () => {
  const labelled = { ...template, metadata: { labels: { app: 'auth', 'pod-template-hash': 'abc' } } };
  const replicaSet = {
    ...raw('auth-abc', '1'),
    metadata: {
      ...raw('auth-abc', '1').metadata,
      labels: { 'pod-template-hash': 'abc' },
      annotations: { 'deployment.kubernetes.io/revision': '4', 'deployment.kubernetes.io/revision-history': '1,3' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'auth', uid: 'u', controller: true }],
    },
    spec: { replicas: 2, template: labelled },
  } as RawReplicaSet;
  const row = replicaSetRow(replicaSet);
  expect(row).toMatchObject({
    revision: 4,
    formerRevisions: [1, 3],
    ownerUid: 'u',
    podTemplateHash: 'abc',
    replicas: 2,
  });
  expect(row.templateHash).toBe(deploymentRow(rawDeployment()).templateHash);
});

describe('a Pod as a row', () => {
  const pod = (status: object, metadata: object = {}): RawPod => ({
    ...raw('auth-1', '1'),
    metadata: { ...raw('auth-1', '1').metadata, ...metadata },
    status,
  });

  it('says why a container waits and how it ended before', () => {
    const status = {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
      containerStatuses: [
        {
          name: 'main',
          image: 'auth:v1',
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'Error', exitCode: 1 } },
        },
      ],
    };
    expect(podRow(pod(status))).toMatchObject({
      ready: false,
      reason: 'ContainersNotReady',
      containers: [{ restartCount: 3, waiting: { reason: 'CrashLoopBackOff' }, terminated: { exitCode: 1 } }],
    });
  });

  it('tells rather that it has no node than that it is not ready', () => {
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'X' },
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' },
    ];
    expect(podRow(pod({ conditions }))).toMatchObject({ reason: 'Unschedulable', message: '0/3 nodes' });
  });

  it('shows an init container only while it holds the pod up', () => {
    const init = (state: object) => ({ initContainerStatuses: [{ name: 'migrate', state }], containerStatuses: [] });
    expect(podRow(pod(init({ terminated: { exitCode: 0 } }))).containers).toEqual([]);
    expect(podRow(pod(init({ waiting: { reason: 'ErrImagePull' } }))).containers).toHaveLength(1);
  });

  it('knows that it is going away', () => {
    expect(podRow(pod({}, { deletionTimestamp: '2026-11-23T03:00:00Z' })).deleting).toBe(true);
  });
});

it('names every ConfigMap and Secret that a pod needs to start, and none that is optional', () => {
  const env = [
    { name: 'A', valueFrom: { configMapKeyRef: { name: 'by-key', key: 'k' } } },
    { name: 'B', valueFrom: { secretKeyRef: { name: 'secret-by-key', key: 'k' } } },
    { name: 'C', valueFrom: { secretKeyRef: { name: 'maybe', key: 'k', optional: true } } },
  ];
  const refs = refsOf({
    spec: {
      containers: [
        { name: 'main', env, envFrom: [{ configMapRef: { name: 'whole' } }, { secretRef: { name: 'secret-whole' } }] },
      ],
      initContainers: [
        { name: 'init', envFrom: [{ configMapRef: { name: 'init' } }, { configMapRef: { name: 'whole' } }] },
      ],
      volumes: [
        { configMap: { name: 'mounted' } },
        { secret: { secretName: 'secret-mounted' } },
        { secret: { secretName: 'maybe', optional: true } },
        { projected: { sources: [{ configMap: { name: 'projected' } }, { secret: { name: 'secret-projected' } }] } },
      ],
      imagePullSecrets: [{ name: 'registry' }],
    },
  });
  expect(refs).toEqual({
    configMaps: ['by-key', 'init', 'mounted', 'projected', 'whole'],
    secrets: ['registry', 'secret-by-key', 'secret-mounted', 'secret-projected', 'secret-whole'],
  });
});
