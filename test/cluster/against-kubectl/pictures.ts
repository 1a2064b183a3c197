/** What a rollback leaves behind, and where the bot leaves something else than kubectl by design: all of it is listed here. */
import type { Side } from './side.ts';
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { templateHash } from '#clients/kubernetes/template-hash.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const FORMER = 'deployment.kubernetes.io/revision-history';

type Annotations = Record<string, string>;

interface PicturedReplicaSet {
  annotations: Annotations;
  pods: number | undefined;
  templateHash: string;
  /** The number it has, then those it had before. */
  revisions: number[];
}

export interface Picture {
  template: RawTemplate;
  replicas: number | undefined;
  paused: boolean;
  limit: number | undefined;
  annotations: Annotations;
  /** By name, which ends in the hash of the template. */
  replicaSets: Record<string, PicturedReplicaSet>;
  /** Name of the one that runs. */
  current: string;
}

/** Of a Deployment at rest. */
export async function picture(side: Side, name: string): Promise<Picture> {
  const [{ metadata, spec }, replicaSets] = await Promise.all([side.read(name), side.replicaSets(name)]);
  const hash = templateHash(spec.template);
  const all = replicaSets.map((raw) => {
    const { annotations = {} } = raw.metadata;
    const { [REVISION]: revision = '', [FORMER]: former = '' } = annotations;
    const revisions = [revision, ...former.split(',')].filter(Boolean).map(Number);
    const pods = raw.spec.replicas;
    return [
      raw.metadata.name,
      { annotations, pods, templateHash: templateHash(raw.spec.template), revisions },
    ] as const;
  });
  return {
    template: spec.template,
    replicas: spec.replicas,
    paused: spec.paused ?? false,
    limit: spec.revisionHistoryLimit,
    annotations: metadata.annotations ?? {},
    replicaSets: Object.fromEntries(all),
    current: all.find(([, row]) => row.templateHash === hash)?.[0] ?? '',
  };
}

interface Difference {
  what: string;
  why: string;
  /** The Deployment's annotations as the bot leaves them. */
  annotations: (kubectl: Annotations, before: Annotations, operation: string) => Annotations;
}

const entries = (from: Annotations, isMeant: (key: string) => boolean): Annotations =>
  Object.fromEntries(Object.entries(from).filter(([key]) => isMeant(key)));

const MARK = 'ops.lomashwood.com/operation';
const isOwnership = (key: string): boolean =>
  key === 'meta.helm.sh/release-name' || key === 'ops.lomashwood.com/locked';

const DIFFERENCES: Difference[] = [
  {
    what: 'marks of whoever owns the object keep the value that the Deployment has',
    why: 'kubectl deletes those that the old ReplicaSet lacks, and brings back the old ones: Helm then no longer knows its own release.',
    annotations: (kubectl, before) => ({
      ...entries(kubectl, (key) => !isOwnership(key)),
      ...entries(before, isOwnership),
    }),
  },
  {
    what: 'the operation that made the patch is noted',
    why: 'it rides in the patch, so that a bot that was killed meanwhile finds out whether it was made, and never makes it twice.',
    annotations: (kubectl, _before, operation) => ({ ...kubectl, [MARK]: operation }),
  },
];

/**
 * What the bot should leave where kubectl left this: the listed differences, and what follows from them, because the controller copies a
 * Deployment's annotations to the ReplicaSet that runs. `before`: of the bot's own side.
 */
export function asTheBotLeavesIt(kubectl: Picture, before: Picture, operation: string): Picture {
  const annotations = DIFFERENCES.reduce(
    (so, { annotations: fold }) => fold(so, before.annotations, operation),
    kubectl.annotations,
  );
  const isOurs = (key: string): boolean => isOwnership(key) || key === MARK;
  const replicaSets = Object.entries(kubectl.replicaSets).map(([name, row]) => {
    const recorded = before.replicaSets[name]?.annotations ?? {};
    const copied = name === kubectl.current ? entries(annotations, isOurs) : {};
    const own = entries(row.annotations, (key) => !isOurs(key));
    return [name, { ...row, annotations: { ...own, ...entries(recorded, isOurs), ...copied } }] as const;
  });
  return { ...kubectl, annotations, replicaSets: Object.fromEntries(replicaSets) };
}
