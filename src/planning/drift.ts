/** What was shown is what is done: compares what the requester saw (`expected`) with what is there now. Pure. */
import type { WorkloadRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import { mainImage, versionText } from '#methods/undo/versions.ts';
import { kubectl, timeText } from '#preflight/check.ts';
import type { Where } from '#preflight/facts.ts';
import type { Refusal } from '#rollback/failure.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Expected } from '#rollback/spec.ts';
import { hasEnded } from '#rollback/status.ts';
import { kubectlName } from '#rollback/workload.ts';

/**
 * A time is only told where the ReplicaSet was made for this very deploy. One that came back by an undo is older than that, also in the
 * moment before the controller has given it its new number.
 */
function whatChanged(question: DriftQuestion): string {
  const { deployment, replicaSets, expected, nowMs } = question;
  const current = replicaSets.find((r) => r.templateHash === deployment.templateHash);
  const before = replicaSets.find((r) => r.templateHash === expected.from);
  const name = versionText(mainImage(deployment.images, deployment.name));
  const by = doneByRollback(question);
  if (by !== undefined) {
    return `${name} was brought back by rollback ${by.metadata.name} of ${by.spec.requestedBy.name}, after you opened the form.`;
  }
  const isNew = current?.formerRevisions.length === 0 && current.revision > (before?.revision ?? 0);
  const at = isNew ? ` at ${timeText(current.createdAt, nowMs)}` : '';
  const isSameName = before !== undefined && versionText(mainImage(before.images, deployment.name)) === name;
  if (isSameName) return `The settings of ${name} were changed${at}, after you opened the form.`;
  return `${name} was deployed${at}, after you opened the form.`;
}

/** Another rollback, still followed, that made exactly this change; undefined: somebody deployed. */
function doneByRollback({ deployment, expected, service, rollbacks }: DriftQuestion): Rollback | undefined {
  return rollbacks.find(({ status }) => {
    const planned = status?.plan?.services.find((s) => s.service === service);
    const wasPatched = status?.targets.some((t) => t.service === service && t.patchedAt !== undefined) === true;
    return (
      wasPatched &&
      !hasEnded(status.phase) &&
      planned?.workload?.uid === deployment.uid &&
      planned.from?.templateHash === expected.from &&
      planned.to?.templateHash === deployment.templateHash
    );
  });
}

export interface DriftQuestion {
  service: string;
  deployment: WorkloadRow;
  /** Of this Deployment. */
  replicaSets: readonly RevisionRow[];
  expected: Expected;
  /** A person named the version; otherwise it is the one that the form proposed. */
  isChosen: boolean;
  where: Where;
  /** All others that the bot knows. */
  rollbacks: readonly Rollback[];
  nowMs: number;
}

/** Why what was shown does not hold any more; undefined: it does. */
export function driftOf(question: DriftQuestion): Refusal | undefined {
  const { deployment, replicaSets, expected, isChosen, where } = question;
  const command = kubectl(where, `rollout history ${kubectlName(deployment)}`);
  if (deployment.templateHash !== expected.from) {
    const message = whatChanged(question);
    return { reason: 'ChangedSinceShown', message, command };
  }
  // Nothing was shown to go back to: the service stands in the rollback to be named in its messages.
  if (expected.to !== '' && !replicaSets.some((r) => r.uid === expected.to)) {
    const message = isChosen
      ? 'The version you chose is no longer in the history of the cluster. Choose another one.'
      : 'The version that was proposed to you is no longer in the history of the cluster. Make a new plan.';
    return { reason: 'VersionGone', message, command };
  }
  return undefined;
}
