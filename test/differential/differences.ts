/**
 * Where the simulated plane may differ from the real one as the tests run it, each with the reason: everything else must be equal. What was
 * seen is normalised by this list and by nothing else; docs/simulator-differences.md points here.
 */
import type { Leaves } from './leaves.ts';
import type { SeenEvent } from './view.ts';

interface AllowedDifference {
  what: string;
  why: string;
  /** Events and lines of a view that are left out of the comparison. */
  event?: (event: SeenEvent) => boolean;
  line?: RegExp;
  /** A line that may be the one on the simulated plane and the other on the real one. */
  tolerates?: (path: string, simulated: string | undefined, real: string | undefined) => boolean;
  /** What is seen from there on cannot be compared: the real plane took a way that it seldom takes. */
  endsSequence?: (simulated: Leaves, real: Leaves) => boolean;
}

const progressing = 'deployment/conditions/Progressing';
const replicaFailure = 'deployment/conditions/ReplicaFailure';

/** What failed, whichever ReplicaSet it failed for. */
const failureOfAny = (condition = ''): string => condition.replace(/"web-<\w+>-/, '"web-');

/** The ReplicaSet of a rollout that has begun and not ended. */
const underWay = (condition = ''): string | undefined =>
  /True (?:NewReplicaSetCreated|FoundNewReplicaSet|ReplicaSetUpdated): .*(web-<\w+>)/.exec(condition)?.[1];

function unlikeLines(simulated: Leaves, real: Leaves): string[] {
  const paths = new Set([...Object.keys(simulated), ...Object.keys(real)]);
  return [...paths].filter((path) => simulated[path] !== real[path]);
}

/** May all old pods go at once? Then there may be a moment without any pod. */
function mayEmpty(lines: Leaves): boolean {
  const field = (name: string): unknown => JSON.parse(lines[`deployment/spec/${name}`] ?? 'null');
  if (field('strategy/type') === 'Recreate') return true;
  const unavailable = field('strategy/rollingUpdate/maxUnavailable');
  return unavailable === '100%' || Number(unavailable) >= Number(field('replicas'));
}

function isFormerCompletion(simulated: Leaves, real: Leaves): boolean {
  const different = unlikeLines(simulated, real);
  const isFormer = [simulated, real].some((lines) => lines[progressing]?.includes('NewReplicaSetAvailable'));
  return mayEmpty(real) && isFormer && different.length === 1 && different[0] === progressing;
}

export const allowedDifferences: AllowedDifference[] = [
  {
    what: 'Events about pods, but for the scheduler’s',
    why: 'They are the kubelet’s. On the real plane kwok stands in for it and tells nothing of pulling, creating and killing; the simulator tells what a kubelet does.',
    event: ({ kind, reason }) => kind === 'Pod' && reason !== 'Scheduled',
  },
  {
    what: 'metadata.generation of a ReplicaSet',
    why: 'It counts the sizes on the way. Pods that become ready at once are seen one by one or together, as it happens, on the real plane too.',
    line: /^replicaSets\/[^/]+\/generation$/,
  },
  {
    what: 'Condition Progressing: NewReplicaSetCreated and FoundNewReplicaSet on one plane, ReplicaSetUpdated of the same ReplicaSet on the other',
    why: 'Progress is a count that has grown since the status before. Whether the controller counts before or after the new pods are made, and the old ones gone, depends on which of its writes meets a conflict and how long pods take to stop.',
    tolerates: (path, simulated, real) =>
      path === progressing && underWay(simulated) !== undefined && underWay(simulated) === underWay(real),
  },
  {
    what: 'Condition ReplicaFailure names the pods of another ReplicaSet, where the same fails for several one after the other',
    why: 'With the same reason a condition is not written anew, so it names the first that failed until a look finds none failing. Whether there is such a look between the old ReplicaSet’s last try and the new one’s first is chance, on the real plane too.',
    tolerates: (path, simulated, real) =>
      path === replicaFailure && simulated !== undefined && failureOfAny(simulated) === failureOfAny(real),
  },
  {
    what: 'Condition Progressing still NewReplicaSetAvailable, of the former ReplicaSet, where all old pods may go at once',
    why: 'The controller does not estimate progress while replicas equals updatedReplicas and the reason is NewReplicaSetAvailable. Without pods both are 0: whether it looks at that moment or sees one of the steps before or after is chance, on the real plane too.',
    endsSequence: isFormerCompletion,
  },
];

export const isCompared = (event: SeenEvent): boolean => !allowedDifferences.some((allowed) => allowed.event?.(event));

export const comparedLines = (leaves: Leaves): Leaves =>
  Object.fromEntries(
    Object.entries(leaves).filter(([path]) => !allowedDifferences.some((allowed) => allowed.line?.test(path))),
  );

/** The lines that may not differ and do. */
export const differingLines = (simulated: Leaves, real: Leaves): string[] =>
  unlikeLines(simulated, real).filter(
    (path) => !allowedDifferences.some((allowed) => allowed.tolerates?.(path, simulated[path], real[path])),
  );

export const endsSequence = (simulated: Leaves, real: Leaves): boolean =>
  allowedDifferences.some((allowed) => allowed.endsSequence?.(simulated, real));
