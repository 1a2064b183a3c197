/** ReplicaSets as a person sees them: versions with a tag, an age and who deployed them. Pure. */
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Version } from '#rollback/plan.ts';
import { redact } from '#rollback/redaction.ts';
import { GROUP } from '#rollback/rollback.ts';

/** Put on a Deployment by whoever deploys; the controller copies it to the ReplicaSet. */
export const DEPLOYED_BY_ANNOTATION = `${GROUP}/deployed-by`;
const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const MAX_NAME = 80;
/** Field managers that write templates without having deployed: controllers, and this bot. */
const NO_DEPLOYERS: ReadonlySet<string> = new Set(['kube-controller-manager', 'rollback-bot']);

/** "registry/auth-service:v1.4.2" → "v1.4.2"; by digest: its first 12 characters; neither: "latest", which a pull would take. */
export function versionText(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag ?? digest?.replace(/^sha256:/, '').slice(0, 12) ?? 'latest';
}

/** The image that names the version: of the container called like the workload, otherwise the first. */
export function mainImage(images: Record<string, string>, workload: string): string {
  return images[workload] ?? Object.values(images)[0] ?? '';
}

/** The ReplicaSets of a Deployment, newest revision first; those with an unreadable revision left out, as kubectl does. */
export function ownedReplicaSets(deployment: WorkloadRow, replicaSets: readonly RevisionRow[]): RevisionRow[] {
  return replicaSets
    .filter((row) => row.ownerUid === deployment.uid && row.revision >= 0)
    .toSorted((a, b) => b.revision - a.revision || Date.parse(b.createdAt) - Date.parse(a.createdAt));
}

/** By creation, then by name: the order in which both the controller and kubectl look through ReplicaSets. */
export function oldestFirst(a: RevisionRow, b: RevisionRow): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.name < b.name ? -1 : 1);
}

/** The one that runs this template; of duplicates the oldest, as the controller chooses. */
export function currentReplicaSet(
  { templateHash }: Pick<WorkloadRow, 'templateHash'>,
  owned: readonly RevisionRow[],
): RevisionRow | undefined {
  return owned.filter((row) => row.templateHash === templateHash).toSorted(oldestFirst)[0];
}

/** A recorded command may hold what was set: `kubectl set env deployment/auth --env=DB_URL=…`. Images stay, they are no secret. */
function withoutValues(told: string): string {
  return redact(told).replaceAll(
    /(^|\s)((?:--[\w-]+=)?[A-Za-z_][\w.-]*)=(\S+)/g,
    (whole, space: string, key: string, value: string) =>
      /^[\w.-]+(?::\d+)?(?:\/[\w.-]+)+(?:[:@][\w.:-]+)?$/.test(value) ? whole : `${space}${key}=…`,
  );
}

/** The annotation, else the change-cause, else, for the version that runs, whoever wrote to the Deployment last. */
function deployedBy(row: RevisionRow, deployment: WorkloadRow): string | undefined {
  const told = row.annotations[DEPLOYED_BY_ANNOTATION] ?? row.annotations[CHANGE_CAUSE];
  const isCurrent = row.templateHash === deployment.templateHash;
  const manager = isCurrent ? deployment.managers.find((m) => !NO_DEPLOYERS.has(m.manager))?.manager : undefined;
  return (told ? withoutValues(told) : manager)?.slice(0, MAX_NAME);
}

export function versionOf(row: RevisionRow, deployment: WorkloadRow): Version {
  const image = mainImage(row.images, deployment.name);
  const by = deployedBy(row, deployment);
  return {
    version: versionText(image),
    image,
    revision: row.revision,
    replicaSet: { name: row.name, uid: row.uid },
    templateHash: row.templateHash,
    deployedAt: row.createdAt,
    ...(by === undefined ? {} : { deployedBy: by }),
  };
}
