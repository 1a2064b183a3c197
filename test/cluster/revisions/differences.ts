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

/** In which words the bot refuses, by reason; `kubectl`: what it says or where it would go instead. */
export const REFUSALS_BY_DEFAULT: Record<string, { bot: RegExp; kubectl: (earlier: readonly string[]) => RegExp }> = {
  NothingToGoBackTo: {
    bot: /^There is nothing to go back to: .+ earlier versions? .+\. Deploy the earlier image by hand\.$/,
    kubectl: () => /^error: no last revision to roll back to$/,
  },
  OnlyLeftVersions: {
    bot: /^Every earlier version of .+ was rolled back from before: .+ \(revision \d+\)\. Choose one of them by name/,
    kubectl: (earlier) => new RegExp(`^(${earlier.join('|')})$`),
  },
};
