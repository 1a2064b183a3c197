/** Which version of a StatefulSet or DaemonSet to go back to, from the caches; as for a Deployment, but for what only these kinds have. */
import type { Workloads } from '#clients/kubernetes/api.ts';
import type { WorkloadRow } from '#clients/kubernetes/rows.ts';
import { historyOf, type WorkloadHistory } from '#clients/kubernetes/workload-history.ts';
import { isRefusal, type Refusal } from '#rollback/failure.ts';
import type { Clock } from '#rollback/ports.ts';
import type { MethodTarget, PlannedChange } from '../method.ts';
import { chooseTarget, isObserved } from '../undo/choose-target.ts';
import { difference } from '../undo/difference.ts';
import { noWorkload, versionGone } from '../undo/refusals.ts';
import { versionOf } from '../undo/versions.ts';
import { keepsAllPods, onDelete } from './refusals.ts';
import type { PatchStep } from './step.ts';

export type RevisionKind = PatchStep['workload']['kind'];
export type RevisionTarget = MethodTarget & { kind: RevisionKind };

/** The controller needs a moment after each change; this long is waited for it before planning is refused. */
const OBSERVED_WITHIN_MS = 1_500;
const OBSERVED_POLL_MS = 50;

async function observedHistory(
  workloads: Workloads,
  { kind, workload }: RevisionTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<WorkloadHistory | undefined> {
  const endsAt = clock.monotonic() + OBSERVED_WITHIN_MS;
  for (;;) {
    const history = historyOf(workloads, kind, workload);
    const isSettled = history === undefined || isObserved(history.workload, history.versions);
    if (isSettled || clock.monotonic() > endsAt) return history;
    await clock.sleep(OBSERVED_POLL_MS, signal);
  }
}

/** Why no pod would change, whatever version is chosen; undefined: pods would. Pure. */
export function replacesNothing(target: RevisionTarget, { replacement, replicas }: WorkloadRow): Refusal | undefined {
  if (replacement?.isOnDelete) return onDelete(target);
  const partition = replacement?.partition ?? 0;
  return partition > 0 && partition >= replicas ? keepsAllPods(target, partition, replicas) : undefined;
}

/** See `Method.plan`. */
export async function planRevision(
  workloads: Workloads,
  target: RevisionTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ summary: PlannedChange; steps: PatchStep[] } | Refusal> {
  const history = await observedHistory(workloads, target, clock, signal);
  if (history === undefined) return noWorkload(target);
  const { workload: row, versions } = history;
  const chosen = chooseTarget(target, row, versions);
  if (isRefusal(chosen)) return chosen;
  const refusal = replacesNothing(target, row);
  if (refusal !== undefined) return refusal;
  const [from, to] = [versionOf(chosen.from, row), versionOf(chosen.to, row)];
  const [before, after] = await Promise.all([
    workloads.template(chosen.from, signal),
    workloads.template(chosen.to, signal),
  ]);
  if (before === undefined || after === undefined) return versionGone(target, (before ? to : from).version);
  const { line, details } = difference(before, after, row.name);
  const workload = { kind: target.kind, name: row.name, uid: row.uid };
  const step: PatchStep = {
    do: 'patch',
    environment: target.environment,
    service: target.service,
    workload,
    from: { version: from.version, templateHash: from.templateHash },
    to: { version: to.version, templateHash: to.templateHash, revision: { ...to.replicaSet, number: to.revision } },
  };
  const { isPrevious } = chosen;
  return { summary: { workload, from, to, isPrevious, difference: line, details }, steps: [step] };
}
