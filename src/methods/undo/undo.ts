/**
 * `kubectl rollout undo`, guarded: back to a version whose ReplicaSet still exists, by one patch that overwrites nothing it did not plan for.
 * It may assume that the caches are live; it trusts them for planning and progress, never for whether a patch was made. It never scales,
 * deletes or resumes anything, and no template leaves it but into the patch.
 */
import { areLive, lookAgain, type Workloads } from '#clients/kubernetes/api.ts';
import { isRefusal, type Refusal } from '#rollback/failure.ts';
import { type Clock, UnavailableError } from '#rollback/ports.ts';
import type { Method, MethodTarget, PlannedChange } from '../method.ts';
import { applyPatch } from './apply.ts';
import { chooseTarget, isObserved } from './choose-target.ts';
import { difference } from './difference.ts';
import { findPatch } from './find.ts';
import { progressOf } from './progress.ts';
import { noWorkload, versionGone } from './refusals.ts';
import type { Receipt, Step } from './step.ts';
import { versionOf } from './versions.ts';

/** The controller needs a moment after each change; this long is waited for it before planning is refused. */
const OBSERVED_WITHIN_MS = 1_500;
const OBSERVED_POLL_MS = 50;
export interface UndoParts {
  workloads: (environment: string) => Workloads;
  clock: Clock;
}

export function createUndo(parts: UndoParts): Method<Step, Receipt> {
  return {
    name: 'undo',
    plan: (target, signal) => plan(parts, target, signal),
    find: async (step, op, signal) => findPatch(known(parts, step.environment), step, op, signal),
    apply: async (step, op, signal) => applyPatch(known(parts, step.environment), step, op, signal),
    progress: (step, receipt, sinceMs) => {
      const { deployments, replicaSets, pods } = parts.workloads(step.environment);
      if (!areLive([deployments, replicaSets, pods])) return Promise.reject(noAnswer(step.environment));
      const rows = {
        deployment: deployments.get(step.workload.name),
        replicaSets: replicaSets.all(),
        pods: pods.all(),
      };
      const progress = progressOf(rows, step, receipt, sinceMs);
      if (progress.state === 'progressing') lookAgain([deployments, replicaSets, pods]);
      return Promise.resolve(progress);
    },
  };
}

const noAnswer = (environment: string): UnavailableError =>
  new UnavailableError(`The API server of ${environment} does not answer.`);

/** The caches once their first lists are complete: before that, what is not there is not gone. Throws UnavailableError. */
function known({ workloads }: UndoParts, environment: string): Workloads {
  const found = workloads(environment);
  if (!found.deployments.isSynced() || !found.replicaSets.isSynced()) throw noAnswer(environment);
  return found;
}

async function untilObserved(
  { clock }: UndoParts,
  workloads: Workloads,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const endsAt = clock.monotonic() + OBSERVED_WITHIN_MS;
  for (;;) {
    const row = workloads.deployments.get(name);
    if (row === undefined || row.paused || isObserved(row, workloads.replicaSets.all())) return;
    if (clock.monotonic() > endsAt) return;
    await clock.sleep(OBSERVED_POLL_MS, signal);
  }
}

async function plan(
  parts: UndoParts,
  target: MethodTarget,
  signal: AbortSignal,
): Promise<{ summary: PlannedChange; steps: Step[] } | Refusal> {
  const workloads = parts.workloads(target.environment);
  await untilObserved(parts, workloads, target.workload, signal);
  const deployment = workloads.deployments.get(target.workload);
  if (deployment === undefined) return noWorkload(target);
  const chosen = chooseTarget(target, deployment, workloads.replicaSets.all());
  if (isRefusal(chosen)) return chosen;
  const [from, to] = [versionOf(chosen.from, deployment), versionOf(chosen.to, deployment)];
  const [before, after] = await Promise.all([
    workloads.template(chosen.from, signal),
    workloads.template(chosen.to, signal),
  ]);
  if (before === undefined || after === undefined) return versionGone(target, (before ? to : from).version);
  const { line, details } = difference(before, after, deployment.name);
  const workload = { name: deployment.name, uid: deployment.uid };
  const step: Step = {
    environment: target.environment,
    service: target.service,
    workload,
    from: { version: from.version, templateHash: from.templateHash },
    to: { version: to.version, templateHash: to.templateHash, replicaSet: to.replicaSet },
  };
  return {
    summary: {
      workload: { kind: 'Deployment', ...workload },
      from,
      to,
      isPrevious: chosen.isPrevious,
      difference: line,
      details,
    },
    steps: [step],
  };
}
