/**
 * The same image in both versions: a rollback would start the same code again, which is rarely what is meant. Images are compared as the
 * templates write them, and by the digests that pods of both versions run, because a tag can move.
 */
import type { PodRow } from '#clients/kubernetes/rows.ts';
import type { Check } from '../check.ts';
import { type ServiceFacts, targetReplicaSet } from '../facts.ts';

const CHECK = 'same-image';

/** Container → digest, as the kubelet reported it; a container whose pods disagree is left out. */
function runningDigests(pods: readonly PodRow[], replicaSetUid: string | undefined): Map<string, string> {
  const containers = pods.filter((p) => p.ownerUid === replicaSetUid).flatMap((p) => p.containers);
  const digests = new Map<string, string>();
  for (const [name, group] of Map.groupBy(containers, (c) => c.name)) {
    const found = new Set(group.flatMap((c) => /sha256:[0-9a-f]{64}/.exec(c.imageId)?.[0] ?? []));
    const [only] = found;
    if (found.size === 1 && only !== undefined) digests.set(name, only);
  }
  return digests;
}

function compareDigests(facts: ServiceFacts): 'same' | 'different' | 'unknown' {
  const current = runningDigests(facts.pods, facts.from?.replicaSet.uid);
  const target = runningDigests(facts.pods, facts.to?.replicaSet.uid);
  const shared = [...current.keys()].filter((name) => target.has(name));
  if (shared.length === 0) return 'unknown';
  if (shared.some((name) => current.get(name) !== target.get(name))) return 'different';
  return shared.length === Object.keys(facts.deployment?.images ?? {}).length ? 'same' : 'unknown';
}

export const sameImage: Check = (facts) => {
  const { deployment, from, to, difference } = facts;
  const target = targetReplicaSet(facts);
  if (!deployment || !target || !from || !to || target.templateHash === deployment.templateHash) return [];
  const names = [...new Set([...Object.keys(deployment.images), ...Object.keys(target.images)])];
  const isSameText = names.every((name) => deployment.images[name] === target.images[name]);
  const digests = compareDigests(facts);
  if (isSameText && digests === 'different') {
    return [
      {
        check: CHECK,
        grade: 'warning',
        text: `Both versions name the image ${to.version}, but the tag has moved: their pods run different digests.`,
        cure: 'A pod that starts now gets whatever the tag names now. Prefer a version with a tag of its own.',
      },
    ];
  }
  if (!isSameText && digests !== 'same') return [];
  const sameness = isSameText
    ? `This would start the same image again (${to.version}).`
    : `This would start the same image again: ${from.version} and ${to.version} run the same digest.`;
  return [
    {
      check: CHECK,
      grade: 'blocker',
      overridable: true,
      text: difference === '' ? sameness : `${sameness} What differs: ${difference.replace(/\.$/, '')}.`,
      cure: 'Choose an older version, or go anyway if the settings are what broke it.',
    },
  ];
};
