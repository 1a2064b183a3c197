/** auth-db, a StatefulSet of three pods that was rolled back from v2 to v1; each test changes what its story is about. */
import type { WorkloadRow, PodReplacement, PodRow } from '#clients/kubernetes/rows.ts';
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import type { PatchReceipt, PatchStep } from '#methods/controller-revisions/step.ts';
import { aContainer, aDeployment, aPod, aReplicaSet } from '#test/harness/rows.ts';

export const step: PatchStep = {
  do: 'patch',
  environment: 'production',
  service: 'auth-db',
  workload: { kind: 'StatefulSet', name: 'auth-db', uid: 'uid-auth-db' },
  from: { version: 'v2', templateHash: 'hash-v2' },
  to: { version: 'v1', templateHash: 'hash-v1', revision: { name: 'auth-db-v1', uid: 'uid-v1', number: 1 } },
};
export const receipt: PatchReceipt = { templateHash: 'hash-v1', generation: 5 };

export const replacement: PodReplacement = {
  isOnDelete: false,
  partition: 0,
  isOrdered: true,
  updateRevision: 'auth-db-v1',
};
export const counts = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

export function statefulSet(more: Partial<WorkloadRow> = {}): WorkloadRow {
  const fields = {
    kind: 'StatefulSet' as const,
    name: 'auth-db',
    uid: 'uid-auth-db',
    generation: 5,
    observedGeneration: 5,
  };
  return aDeployment('v1', { ...fields, revision: 3, status: counts, replacement, ...more });
}

export function pod(number: number, version = 'v1', more: Partial<PodRow> = {}): PodRow {
  const labels = { app: 'auth-db', 'controller-revision-hash': `auth-db-${version}` };
  return aPod(version, { name: `auth-db-${number}`, uid: `uid-pod-${number}`, labels, ...more });
}

export const crashing = (version: string): Partial<PodRow> => ({
  ready: false,
  containers: [
    aContainer(version, {
      ready: false,
      restartCount: 3,
      waiting: { reason: 'CrashLoopBackOff' },
      terminated: { reason: 'Error', exitCode: 1 },
    }),
  ],
});

/** All three pods are back; versions count what runs, as the join of the caches does. */
export function history(workload = statefulSet(), pods = [pod(0), pod(1), pod(2)]): WorkloadHistory {
  const versions = [
    ['v1', 3],
    ['v2', 2],
  ].map(([version, revision]) => {
    const own = pods.filter((p) => p.ownerUid === `uid-${version}` && !p.deleting);
    const ready = own.filter((p) => p.ready).length;
    const more = { name: `auth-db-${version}`, ownerUid: 'uid-auth-db', replicas: own.length };
    return aReplicaSet(String(version), Number(revision), { ...more, readyReplicas: ready, availableReplicas: ready });
  });
  return { workload, versions, pods };
}
