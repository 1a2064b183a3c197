/** Why a service was not rolled back, in words for the person who asked: what is wrong, then the cure, then the command by hand. Pure. */
import type { Refusal } from '#rollback/failure.ts';
import type { Version } from '#rollback/plan.ts';
import { kubectlName, type WorkloadKind } from '#rollback/workload.ts';

export interface Subject {
  service: string;
  environment: string;
  namespace: string;
  /** Absent: a Deployment. */
  kind?: WorkloadKind;
  workload: string;
}

const MAX_LISTED = 6;
const kubectl = (words: string, { namespace }: Subject): string => `kubectl ${words} -n ${namespace}`;
const kindOf = ({ kind = 'Deployment' }: Subject): WorkloadKind => kind;
const nameOf = (s: Subject): string => kubectlName({ kind: kindOf(s), name: s.workload });
const history = (s: Subject): string => kubectl(`rollout history ${nameOf(s)}`, s);

/** "v1.4.2 (revision 40)". */
function named({ version, revision }: Version): string {
  return revision > 0 ? `${version} (revision ${revision})` : version;
}

function listed(versions: readonly Version[]): string {
  const shown = versions.slice(0, MAX_LISTED).map(named).join(', ');
  return versions.length > MAX_LISTED ? `${shown} and ${versions.length - MAX_LISTED} older` : shown;
}

export const noWorkload = (s: Subject): Refusal => ({
  reason: `No${kindOf(s)}`,
  message: `There is no ${kindOf(s)} ${s.workload} in namespace ${s.namespace} (${s.environment}). Check its name in the catalogue.`,
  command: kubectl(`get ${kindOf(s).toLowerCase()}s`, s),
});

export const notObserved = (s: Subject): Refusal => ({
  reason: 'NotObserved',
  message: `${s.service} was changed a moment ago and the cluster has not taken that up yet, so what ran before it cannot be told. Try again in a few seconds.`,
  command: kubectl(`rollout status ${nameOf(s)}`, s),
});

export const paused = (s: Subject): Refusal => ({
  reason: 'Paused',
  message: `${s.service} is paused, so a rollback would not start any pod. Resume it, then ask again.`,
  command: kubectl(`rollout resume deployment/${s.workload}`, s),
});

export const nothingToGoBackTo = (s: Subject, historyLimit: number): Refusal => ({
  reason: 'NothingToGoBackTo',
  message:
    historyLimit === 0
      ? `There is nothing to go back to: ${s.service} keeps no earlier versions (revisionHistoryLimit is 0). Deploy the earlier image by hand.`
      : `There is nothing to go back to: the cluster keeps no earlier version of ${s.service}. Deploy the earlier image by hand.`,
  command: history(s),
});

export const onlyLeftVersions = (s: Subject, left: readonly Version[]): Refusal => ({
  reason: 'OnlyLeftVersions',
  message: `Every earlier version of ${s.service} was rolled back from before: ${listed(left)}. Choose one of them by name if you want it all the same.`,
  command: history(s),
});

export const unknownVersion = (s: Subject, to: string, versions: readonly Version[]): Refusal => ({
  reason: 'UnknownVersion',
  message: `${s.service} has no version "${to}" in the cluster. There are: ${listed(versions)}. Choose one of them.`,
  command: history(s),
});

export const alreadyRuns = (s: Subject, version: Version): Refusal => ({
  reason: 'AlreadyRuns',
  message: `${s.service} runs ${named(version)} already; there is nothing to change. Choose another version.`,
  command: history(s),
});

export const versionGone = (s: Subject, version: string): Refusal => ({
  reason: 'VersionGone',
  message: `${version} of ${s.service} was cleaned up by the cluster in the meantime. Nothing was touched. Choose another version.`,
  command: history(s),
});

export const recreated = (s: Subject): Refusal => ({
  reason: 'Recreated',
  message: `${s.service} was deleted and created anew after this was planned. Nothing was touched. Make a new plan.`,
  command: history(s),
});

/** `change`: "image v1.4.3 → v1.4.4". `by`: "kubectl-set at 03:02:11 UTC". */
export const changedMeanwhile = (s: Subject, change: string, by: string | undefined): Refusal => ({
  reason: 'ChangedMeanwhile',
  message: `${s.service} was changed after this was planned${by === undefined ? '' : `, by ${by}`}: ${change}. Nothing was touched. Make a new plan.`,
  command: history(s),
});
