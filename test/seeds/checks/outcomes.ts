/** I5: what was said of each service in the end is what the cluster shows, and nothing is left undone. */
import { type Deployment, deployments } from '#playground/cluster/objects.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { TargetStatus } from '#rollback/status.ts';
import type { Scene } from '../world/scene.ts';
import { atItsEnd, hashOf, type History } from './history.ts';

interface Ends {
  touched: ReadonlySet<string>;
  /** Nobody got in between: all has to come back. */
  isQuiet: boolean;
}

function isComplete({ spec, status, metadata }: Deployment): boolean {
  const wanted = spec.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  return (
    observedGeneration >= (metadata.generation ?? 0) &&
    updatedReplicas === wanted &&
    replicas === wanted &&
    availableReplicas === wanted
  );
}

interface Step {
  workload: { uid: string; name: string };
  to: { templateHash: string };
}

/** It was once as it is said to be, after it was patched and before it was said. */
function wasEverBack(history: History, rollback: Rollback, service: string, step: Step): boolean {
  const versions = history.rollbacks.get(rollback.metadata.uid) ?? [];
  const said = versions.find((v) =>
    v.rollback.status?.targets.some((t) => t.service === service && t.state === 'Back'),
  );
  return history.deployments.some(
    ({ object, index }) =>
      object.metadata.uid === step.workload.uid &&
      index < (said?.index ?? Infinity) &&
      hashOf(object) === step.to.templateHash &&
      isComplete(object),
  );
}

function checkBack(scene: Scene, history: History, rollback: Rollback, service: string, ends: Ends): string[] {
  const step = rollback.status?.steps.find((s) => s.service === service)?.step as Step | undefined;
  if (step === undefined) return [`${service} is Back without a step`];
  const faults: string[] = [];
  if (!wasEverBack(history, rollback, service, step)) faults.push(`I5 ${service} was said to be back and never was`);
  if (ends.touched.has(service)) return faults;
  const now = scene.cluster.storage.peekOne(deployments, scene.setting.namespace, step.workload.name) as
    Deployment | undefined;
  const newest = scene
    .rollbacks()
    .every(
      (r) =>
        r.metadata.uid === rollback.metadata.uid ||
        !r.status?.targets.some((t) => t.service === service && t.patchedAt),
    );
  if (newest && (now === undefined || hashOf(now) !== step.to.templateHash || !isComplete(now)))
    faults.push(`I5 ${service} is said to be back and is not`);
  return faults;
}

function checkTarget(scene: Scene, history: History, rollback: Rollback, target: TargetStatus, ends: Ends): string[] {
  const { service, state, detail } = target;
  const wasPatched = history.patches.some(
    ({ operation, after }) => operation.startsWith(`${rollback.metadata.uid}/`) && after.metadata.name === service,
  );
  const isUntouched = state === 'Refused' || state === 'Cancelled';
  if (state === 'Waiting' || state === 'Patched') return [`${service} is left ${state}`];
  if (wasPatched && isUntouched) return [`I5 ${service} was patched and is said to be ${state} (${detail})`];
  if (ends.isQuiet && state !== 'Back') return [`I5 ${service} is ${state} (${detail}) although nobody got in between`];
  return state === 'Back' ? checkBack(scene, history, rollback, service, ends) : [];
}

function checkEvidence(scene: Scene, { status, metadata }: Rollback): string[] {
  const patched = status?.targets.filter(({ patchedAt }) => patchedAt !== undefined) ?? [];
  const told = (service: string): boolean =>
    status?.evidence?.configMaps.some((c) => c.service === service) === true ||
    status?.evidence?.missing.some((words) => words.startsWith(`${service}: `)) === true;
  const maps = (status?.evidence?.configMaps ?? []).filter(
    ({ name }) =>
      !scene.cluster.storage.peekOne({ group: '', version: 'v1', plural: 'configmaps' }, metadata.namespace, name),
  );
  return [
    ...patched
      .filter(({ service }) => !told(service))
      .map(({ service }) => `nothing is said of the evidence of ${service}`),
    ...maps.map(({ name }) => `evidence ${name} is not kept`),
  ];
}

export function checkOutcomes(scene: Scene, history: History, ends: Ends): string[] {
  return scene.rollbacks().flatMap((kept) => {
    const rollback = atItsEnd(history, kept);
    const { status, spec, metadata } = rollback;
    if (status === undefined) return [`${metadata.name}: has no status`];
    if (spec.dryRun) return [];
    const targets = status.targets.flatMap((target) => checkTarget(scene, history, rollback, target, ends));
    const phase = ends.isQuiet && status.phase !== 'Resolved' ? [`ended as ${status.phase} (${status.message})`] : [];
    return [...targets, ...phase, ...checkEvidence(scene, rollback)].map((fault) => `${metadata.name}: ${fault}`);
  });
}
