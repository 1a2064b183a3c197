import { describe, expect, it } from '@jest/globals';
import {
  controllerRevisionRow,
  type RawControllerRevision,
  templateOfRevision,
} from '#clients/kubernetes/rows/controller-revision-row.ts';
import { daemonSetRow } from '#clients/kubernetes/rows/daemon-set-row.ts';
import { statefulSetRow } from '#clients/kubernetes/rows/stateful-set-row.ts';

const template = {
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'main', image: 'db:v2' }] },
};
const metadata = {
  name: 'db',
  namespace: 'lomash-wood',
  uid: 'u',
  resourceVersion: '9',
  creationTimestamp: '2026-11-23T01:00:00Z',
  generation: 3,
};
const statefulSet = (spec = {}, status = {}) =>
  statefulSetRow({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { template, ...spec }, status });

function revision(kind: string, more: Partial<RawControllerRevision['metadata']> = {}): RawControllerRevision {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      ...metadata,
      name: 'db-66fbc9847b',
      labels: { 'controller-revision-hash': '66fbc9847b' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'db', uid: 'u', controller: true }],
      ...more,
    },
    revision: 2,
    ['data']: { spec: { template: { $patch: 'replace', ...template } } },
  };
}

describe('a StatefulSet', () => {
  it('replaces its pods in order and all of them, unless it says otherwise', () => {
    expect(statefulSet().replacement).toEqual({ isOnDelete: false, partition: 0, isOrdered: true });
    const spec = {
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    };
    expect(statefulSet(spec).replacement).toMatchObject({ partition: 2, isOrdered: false });
    expect(statefulSet({ updateStrategy: { type: 'OnDelete' } }).replacement?.isOnDelete).toBe(true);
  });

  it('tells the version that its controller works towards', () => {
    expect(statefulSet({}, { updateRevision: 'db-1' }).replacement?.updateRevision).toBe('db-1');
  });
});

describe('a DaemonSet', () => {
  it('wants one pod per node that it is for', () => {
    const row = daemonSetRow({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: { template },
      status: { desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 1 },
    });
    expect(row).toMatchObject({
      kind: 'DaemonSet',
      replicas: 3,
      status: { replicas: 3, updatedReplicas: 2, readyReplicas: 0, availableReplicas: 1 },
    });
  });
});

describe('a ControllerRevision', () => {
  it('is the version of its StatefulSet, by the template alone', () => {
    const row = controllerRevisionRow(revision('StatefulSet'));
    expect(row).toMatchObject({
      ownerUid: 'u',
      revision: 2,
      images: { main: 'db:v2' },
      templateHash: statefulSet().templateHash,
    });
    expect(templateOfRevision(revision('StatefulSet'))).toEqual(template);
  });

  it('equals a template that an older API server wrote', () => {
    const older = { ...template, metadata: { ...template.metadata, creationTimestamp: null } };
    const raw = { ...revision('StatefulSet'), ['data']: { spec: { template: { $patch: 'replace', ...older } } } };
    expect(controllerRevisionRow(raw).templateHash).toBe(statefulSet().templateHash);
    expect(statefulSet({ template: older }).templateHash).toBe(statefulSet().templateHash);
  });

  it('is named on pods by its name for a StatefulSet, by its hash for a DaemonSet', () => {
    expect(controllerRevisionRow(revision('StatefulSet')).podTemplateHash).toBe('db-66fbc9847b');
    expect(controllerRevisionRow(revision('DaemonSet')).podTemplateHash).toBe('66fbc9847b');
  });

  it('was deployed when it last came back', () => {
    const managedFields = [{ time: '2026-11-23T01:00:00Z' }, { time: '2026-11-23T03:00:00Z' }, {}];
    expect(controllerRevisionRow(revision('StatefulSet', { managedFields })).createdAt).toBe('2026-11-23T03:00:00Z');
    expect(controllerRevisionRow(revision('StatefulSet')).createdAt).toBe('2026-11-23T01:00:00Z');
  });

  it('keeps no copy of what was applied, which holds values', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'kubernetes.io/change-cause': 'x' };
    expect(controllerRevisionRow(revision('StatefulSet', { annotations })).annotations).toEqual({
      'kubernetes.io/change-cause': 'x',
    });
  });

  it('of another owner that keeps something else in it is no version of ours', () => {
    expect(templateOfRevision({ ...revision('CloneSet'), ['data']: {} })).toBeUndefined();
  });
});
