/**
 * A StatefulSet that starts its pods in order does not replace a pod that never becomes ready, whatever its template says (kubernetes issue
 * 67250). The bot then deletes that pod, after the patch: said before, for it deletes nothing else.
 */
import { blockingPod } from '#clients/kubernetes/ordered-pods.ts';
import { type Check, kubectl } from '../check.ts';
import type { ServiceFacts } from '../facts.ts';

const CHECK = 'ordered-ready';

/** What is not known is tried. */
function mayDelete({ denied }: ServiceFacts): boolean {
  return !denied.known || !denied.value.some(({ verb, resource }) => verb === 'delete' && resource === 'pods');
}

export const orderedReady: Check = (facts) => {
  const { deployment, from, to, where } = facts;
  if (deployment?.replacement?.isOrdered !== true || from === undefined || to === undefined) return [];
  const versions = new Set(facts.replicaSets.map(({ uid }) => uid));
  const own = facts.pods.filter(({ ownerUid = '' }) => versions.has(ownerUid));
  const pod = blockingPod(deployment, own);
  if (pod === undefined || pod.ownerUid === to.replicaSet.uid) return [];
  const isLeft = pod.ownerUid === from.replicaSet.uid;
  const text = `${pod.name} is not ready, and this StatefulSet replaces no pod before it is (OrderedReady), so taking the version back does not help that pod.`;
  if (isLeft && mayDelete(facts)) {
    const cure = `If it stays so, the bot deletes that one pod after the patch, so that it comes back as ${to.version}.`;
    return [{ check: CHECK, grade: 'warning', text, cure }];
  }
  const why = isLeft
    ? 'The bot may not delete pods here'
    : `It does not run ${from.version}, so the bot leaves it alone`;
  const cure = `${why}: delete that pod by hand after the patch.`;
  return [{ check: CHECK, grade: 'warning', text, cure, command: kubectl(where, `delete pod ${pod.name}`) }];
};
