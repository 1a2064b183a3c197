/** Joins what is known about one service into the facts that preflight looks at. Pure. */
import type { WorkloadRow, PodRow, RevisionRow } from '#clients/kubernetes/rows.ts';
import type { Memory } from '#journal/journal.ts';
import type { PlannedChange } from '#methods/method.ts';
import { versionOf } from '#methods/undo/versions.ts';
import type { EnvironmentFacts } from '#preflight/environment-facts.ts';
import type { Fact, LeftVersion, OtherRollback, ServiceFacts, Where } from '#preflight/facts.ts';
import type { Version } from '#rollback/plan.ts';
import type { PlanRequest } from '#rollback/ports.ts';
import { type Rollback } from '#rollback/rollback.ts';
import { hasEnded } from '#rollback/status.ts';
import type { WorkloadKind } from '#rollback/workload.ts';
import { wentBackFrom } from './went-back.ts';

/**
 * Running rollbacks of the same service. `self` is the one being planned; without it, every other one is older. Of those that are Pending, the ones in
 * `begunBefore` are; dates, which are of whole seconds, decide only where it is not known.
 */
export function othersOf(
  rollbacks: readonly Rollback[],
  {
    environment,
    service,
    self,
    begunBefore,
  }: Pick<PlanRequest, 'environment' | 'self' | 'begunBefore'> & { service: string },
): OtherRollback[] {
  const own = rollbacks.find((r) => r.metadata.name === self);
  const isAfterOwn = (r: Rollback): boolean => {
    if (own === undefined) return false;
    if (begunBefore !== undefined) return !begunBefore.has(r.metadata.name);
    const [mine, other] = [own, r].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`);
    return (other ?? '') > (mine ?? '');
  };
  return rollbacks
    .filter((r) => r.metadata.name !== self && r.spec.environment === environment && r.spec.dryRun !== true)
    .filter((r) => !hasEnded(r.status?.phase ?? 'Pending') && r.spec.targets.some((t) => t.service === service))
    .map((r) => {
      const phase = r.status?.phase ?? 'Pending';
      const state = r.status?.targets.find((t) => t.service === service)?.state;
      const needs = r.status?.conditions.some((c) => c.type === 'NeedsPerson' && c.status === 'True') === true;
      const isDone = r.status?.outcomeAt !== undefined || state === 'Patched';
      return {
        name: r.metadata.name,
        namespace: r.metadata.namespace,
        phase,
        startedBy: r.spec.requestedBy.name,
        ...(state === undefined ? {} : { state }),
        isOlder: phase !== 'Pending' || !isAfterOwn(r),
        ...(needs && isDone ? { awaitsPerson: true as const } : {}),
      };
    });
}

export interface ServiceRows {
  deployment?: WorkloadRow;
  primary?: WorkloadRow;
  replicaSets: readonly RevisionRow[];
  pods: readonly PodRow[];
  /** What is not among the rows is not there. */
  isSeen: boolean;
}

export interface ServiceKnowledge {
  service: string;
  kind: WorkloadKind;
  /** The workload's. */
  name: string;
  where: Where;
  nowMs: number;
  rows: ServiceRows;
  change?: PlannedChange;
  isChosen: boolean;
  environment: EnvironmentFacts;
  memory: Fact<Memory>;
  others: readonly OtherRollback[];
  knownGoodMinutes: number;
}

/** As the journal says it; else as the numbers of the versions do. */
function leftVersion({ version, templateHash }: Version, rows: ServiceRows, memory?: Memory): LeftVersion | undefined {
  const mark = memory?.left.get(templateHash);
  if (mark !== undefined) return { version, leftAt: mark.leftAt, by: mark.by };
  return wentBackFrom(rows.replicaSets, memory?.numbers ?? []).has(templateHash) ? { version } : undefined;
}

function skippedVersions({ rows, change }: ServiceKnowledge, memory: Memory): LeftVersion[] {
  const { deployment, replicaSets } = rows;
  if (deployment === undefined || change === undefined) return [];
  return replicaSets
    .filter((r) => r.revision > change.to.revision && r.revision < change.from.revision)
    .flatMap((r) => {
      const left = leftVersion(versionOf(r, deployment), rows, memory);
      return left === undefined ? [] : [left];
    });
}

export function serviceFacts(known: ServiceKnowledge): ServiceFacts {
  const { rows, change, memory, environment } = known;
  const left = change && leftVersion(change.to, rows, memory.known ? memory.value : undefined);
  return {
    service: known.service,
    kind: known.kind,
    workload: known.name,
    isSeen: rows.isSeen,
    where: known.where,
    nowMs: known.nowMs,
    ...(rows.deployment === undefined ? {} : { deployment: rows.deployment }),
    ...(rows.primary === undefined ? {} : { primary: rows.primary }),
    replicaSets: rows.replicaSets,
    pods: rows.pods,
    ...(change === undefined ? {} : { from: change.from, to: change.to }),
    isPrevious: change?.isPrevious ?? false,
    isChosen: known.isChosen,
    difference: change?.difference ?? '',
    skipped: memory.known ? { known: true, value: skippedVersions(known, memory.value) } : memory,
    left: memory.known || left ? { known: true, value: left } : memory,
    knownGoodMinutes: known.knownGoodMinutes,
    configMaps: environment.configMaps,
    secrets: environment.secrets,
    autoscalers: environment.autoscalers,
    disruptionBudgets: environment.disruptionBudgets,
    denied: environment.denied,
    others: known.others,
  };
}
