import { describe, expect, it } from '@jest/globals';
import { joinRevisions } from '#clients/kubernetes/workload-history.ts';
import { aDeployment, aPod, aReplicaSet } from '#test/harness/rows.ts';

const workload = aDeployment('v2', { kind: 'StatefulSet', name: 'db', uid: 'uid-db', revision: 0 });
const revision = (version: string, number: number, more = {}) =>
  aReplicaSet(version, number, { ownerUid: 'uid-db', podTemplateHash: `db-${version}`, ...more });
const pod = (version: string, more = {}) =>
  aPod(version, { ownerUid: 'uid-db', labels: { 'controller-revision-hash': `db-${version}` }, ...more });

describe('a StatefulSet or DaemonSet with its ControllerRevisions', () => {
  it('has the number of the version that its template names', () => {
    const joined = joinRevisions(workload, [revision('v1', 1), revision('v2', 2)], []);
    expect(joined.workload.revision).toBe(2);
  });

  it('has no number before its controller has written the version down', () => {
    expect(joinRevisions(workload, [revision('v1', 1)], []).workload.revision).toBe(0);
  });

  it('gives each pod to the version that its label names, and to none where it is not known', () => {
    const pods = [pod('v1'), pod('v2', { ready: false }), pod('v3')];
    const joined = joinRevisions(workload, [revision('v1', 1), revision('v2', 2)], pods);
    expect(joined.pods.map((p) => p.ownerUid)).toEqual(['uid-v1', 'uid-v2', 'uid-db']);
    expect(joined.versions.map((v) => [v.uid, v.replicas, v.readyReplicas])).toEqual([
      ['uid-v1', 1, 1],
      ['uid-v2', 1, 0],
    ]);
  });

  it('counts no pod that is on its way out', () => {
    const joined = joinRevisions(workload, [revision('v2', 2)], [pod('v2', { deleting: true })]);
    expect(joined.versions[0]?.replicas).toBe(0);
  });

  it('leaves a pod with the same labels to whoever made it', () => {
    const joined = joinRevisions(workload, [revision('v2', 2)], [pod('v2', { ownerUid: 'uid-other' })]);
    expect(joined.pods[0]?.ownerUid).toBe('uid-other');
  });

  it('takes two ControllerRevisions of one template for one version, under the highest number', () => {
    const again = revision('v1', 3, { name: 'db-again', uid: 'uid-again', podTemplateHash: 'db-again' });
    const pods = [pod('v1'), pod('again')];
    const joined = joinRevisions(workload, [revision('v1', 1), revision('v2', 2), again], pods);
    expect(joined.versions.map((v) => [v.uid, v.revision, v.formerRevisions, v.replicas])).toEqual([
      ['uid-again', 3, [1], 2],
      ['uid-v2', 2, [], 0],
    ]);
  });
});
