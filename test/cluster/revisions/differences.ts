/**
 * Where the bot does something else than kubectl with StatefulSets and DaemonSets, by design. Beside these the operation is
 * noted in an annotation, as with Deployments (../against-kubectl/pictures.ts): `Place.picture` leaves it out.
 */
import type { WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import { reach } from './histories.ts';

interface Difference {
  what: string;
  why: string;
}

export const KEPT_BY_PARTITION: Difference & { isSo: (seen: WorkloadHistory) => boolean; says: RegExp } = {
  what: 'a partition that keeps every pod is refused, where kubectl says "rolled back"',
  why: 'no pod would change, and whoever asked would believe that the outage is being ended.',
  isSo: (seen) => reach(seen) === 0,
  says: /partition/,
};

export const STUCK_POD: Difference & { isSo: (leftByKubectl: WorkloadHistory, pod: string) => boolean } = {
  what: 'the pod of a StatefulSet (OrderedReady) that is stuck on the version left is deleted after the patch',
  why: 'Kubernetes never replaces it by itself (issue 67250): after kubectl the outage goes on.',
  isSo: ({ pods }, name) => pods.some((pod) => pod.name === name && !pod.ready),
};
