/** The plan of one service: what its method would do, what preflight says to that, and whether it may go. */
import { workloadOf } from '#catalogue/catalogue.ts';
import { areLive, type Workloads } from '#clients/kubernetes/api.ts';
import type { RevisionRow } from '#clients/kubernetes/rows.ts';
import { cachesOf, historyOf } from '#clients/kubernetes/workload-history.ts';
import { type Memory, memoryOf, workloadKey } from '#journal/journal.ts';
import type { PlannedChange } from '#methods/method.ts';
import { currentReplicaSet, ownedReplicaSets } from '#methods/undo/versions.ts';
import { type EnvironmentFacts, isOutage } from '#preflight/environment-facts.ts';
import type { Fact, Where } from '#preflight/facts.ts';
import { lookAhead } from '#preflight/index.ts';
import { type Refusal, TerminalError, isRefusal } from '#rollback/failure.ts';
import { type Finding, blockersOf } from '#rollback/finding.ts';
import type { PlannedService, Version } from '#rollback/plan.ts';
import type { Target } from '#rollback/spec.ts';
import type { WorkloadKind } from '#rollback/workload.ts';
import { type Comebacks, comebacksOf } from './comebacks.ts';
import type { PlanningContext } from './context.ts';
import { driftOf } from './drift.ts';
import { type ServiceRows, othersOf, serviceFacts } from './service-facts.ts';
import { rememberedVersion, withMemory } from './versions.ts';
import { wentBackFrom } from './went-back.ts';

const METHOD_TIMEOUT_MS = 4_000;
/** Versions that go while they are planned for are rare; ones that go three times in a row are not waited for. */
const ASK_TRIES = 3;
const NO_MEMORY: Memory = { ranWell: new Map(), left: new Map(), since: new Map(), numbers: [] };

export interface ServiceOutcome {
  planned: PlannedService;
  /** Present: the service goes. */
  steps?: unknown[];
  /** The method could not be planned because the API server did not answer. */
  isOutage: boolean;
}

type MethodAnswer = { change: PlannedChange; steps: unknown[] } | { refusal: Refusal; isOutage: boolean };

function rowsOf(workloads: Workloads, { kind, name }: Subject['workload']): ServiceRows {
  const history = historyOf(workloads, kind, name);
  const caches = cachesOf(workloads, kind);
  const isSeen = caches !== undefined && areLive(caches);
  if (history === undefined) return { replicaSets: [], pods: [], isSeen };
  const { workload, versions, pods } = history;
  const primary = kind === 'Deployment' ? workloads.deployments.get(`${name}-primary`) : undefined;
  return {
    deployment: workload,
    ...(primary === undefined ? {} : { primary }),
    replicaSets: ownedReplicaSets(workload, versions),
    pods,
    isSeen,
  };
}

/** What was shown, by today's number: revision numbers move with every undo, the ReplicaSet's uid does not. */
function wanted(target: Target, replicaSets: readonly RevisionRow[]): string | undefined {
  const shown = replicaSets.find((r) => r.uid === target.expected?.to);
  return shown !== undefined && shown.revision > 0 ? String(shown.revision) : target.to;
}

const notPlanned = ({ service }: Target): Refusal => ({
  reason: 'NotPlanned',
  message: `${service} could not be planned: the cluster did not give the answers needed. Try again in a moment.`,
});

async function askMethod(
  context: PlanningContext,
  { target, rows, workload }: Subject,
  memory: Memory,
  signal: AbortSignal,
): Promise<MethodAnswer> {
  const to = wanted(target, rows.replicaSets);
  try {
    const answer = await context.method.plan(
      {
        environment: context.request.environment,
        service: target.service,
        namespace: context.environment.namespace,
        kind: workload.kind,
        workload: workload.name,
        ...(to === undefined ? {} : { to }),
        avoid: new Set([...memory.left.keys(), ...wentBackFrom(rows.replicaSets, memory.numbers)]),
        ranWell: memory.ranWell,
        knownGoodMinutes: context.catalogue.timings.knownGoodMinutes,
      },
      AbortSignal.any([signal, AbortSignal.timeout(METHOD_TIMEOUT_MS)]),
    );
    if (isRefusal(answer)) return { refusal: answer, isOutage: false };
    return { change: answer.summary, steps: answer.steps };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TerminalError) {
      return { refusal: { reason: error.reason, message: error.message }, isOutage: false };
    }
    return { refusal: notPlanned(target), isOutage: isOutage(error) };
  }
}

/** "same-image" → "SameImage". */
function reasonOf(finding: Finding): string {
  return finding.check.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function refusalOf(finding: Finding): Refusal {
  const message = finding.cure === undefined ? finding.text : `${finding.text} ${finding.cure}`;
  return { reason: reasonOf(finding), message, ...(finding.command === undefined ? {} : { command: finding.command }) };
}

/** Of what was planned nothing is gone meanwhile, as far as is seen. */
function stands(answer: MethodAnswer, { rows }: Subject): boolean {
  if (!('change' in answer) || !rows.isSeen) return true;
  const { from, to } = answer.change;
  return [from, to].every(({ replicaSet }) => rows.replicaSets.some(({ uid }) => uid === replicaSet.uid));
}

interface Asked {
  subject: Subject;
  memory: Memory;
  answer: MethodAnswer;
  environment: EnvironmentFacts;
}

/**
 * What the method and the cluster answer, and what is seen after that took its time: all have to agree on what runs and on what there is to
 * go back to.
 */
async function askedOf(context: PlanningContext, target: Target, signal: AbortSignal): Promise<Asked> {
  let subject = subjectOf(context, target);
  const memory = subject.memory.known ? subject.memory.value : NO_MEMORY;
  for (let tries = 1; ; tries += 1) {
    const [answer, environment] = await Promise.all([askMethod(context, subject, memory, signal), context.facts]);
    subject = subjectOf(context, target);
    if (stands(answer, subject)) return { subject, memory, answer, environment };
    if (tries < ASK_TRIES) continue;
    return { subject, memory, answer: { refusal: notPlanned(target), isOutage: false }, environment };
  }
}

/** What is known before the method is asked. */
interface Subject {
  target: Target;
  workload: { kind: WorkloadKind; name: string };
  where: Where;
  rows: ServiceRows;
  memory: Fact<Memory>;
  comebacks: Comebacks;
}

function subjectOf(context: PlanningContext, target: Target): Subject {
  const { catalogue, request, environment, journal } = context;
  const workload = workloadOf(catalogue, request.environment, target.service);
  return {
    target,
    workload,
    where: {
      environment: request.environment,
      namespace: environment.namespace,
      ...(environment.context === undefined ? {} : { context: environment.context }),
    },
    rows: rowsOf(context.workloads, workload),
    comebacks: comebacksOf(context.rollbacks, request.environment, workload),
    memory: journal.known ? { known: true, value: memoryOf(journal.value, workloadKey(workload)) } : journal,
  };
}

function findingsFor(
  { request, rollbacks, nowMs, catalogue }: PlanningContext,
  { target, workload, where, rows, memory }: Subject,
  environment: EnvironmentFacts,
  change: PlannedChange | undefined,
): Finding[] {
  const { service } = target;
  const others = othersOf(rollbacks, { ...request, service });
  const isChosen = target.to !== undefined;
  const { knownGoodMinutes } = catalogue.timings;
  const known = { service, ...workload, where, nowMs, rows, isChosen, environment, memory, others, knownGoodMinutes };
  return lookAhead(serviceFacts(change === undefined ? known : { ...known, change }));
}

/** The form left it out; a version that appeared since then was never shown. */
const NOT_SHOWN: Refusal = {
  reason: 'NotShown',
  message: 'It was left out when you pressed the button, and could go only since then. Open a new form for it.',
};

/**
 * Why the service may not go: another rollback is at it (what moved then is its doing), the world moved, a finding that nobody overrode,
 * or the method's own refusal, in this order.
 */
function refusedBecause(
  { rollbacks, request, nowMs }: PlanningContext,
  { target, where, rows }: Subject,
  findings: readonly Finding[],
  answer: MethodAnswer,
): Refusal | undefined {
  const { deployment, replicaSets } = rows;
  const { expected, to } = target;
  const others = rollbacks.filter(
    (r) => r.metadata.name !== request.self && r.spec.environment === request.environment,
  );
  const { service } = target;
  const question = { service, replicaSets, isChosen: to !== undefined, where, rollbacks: others, nowMs };
  const drift = deployment && expected && driftOf({ ...question, deployment, expected });
  const blockers = blockersOf(findings, target.override);
  const other = blockers.find(({ check }) => check === 'other-rollback');
  const [blocker] = blockers;
  const refusal =
    (other && refusalOf(other)) ??
    drift ??
    (blocker && refusalOf(blocker)) ??
    ('refusal' in answer ? answer.refusal : undefined);
  return refusal ?? (expected?.to === '' ? NOT_SHOWN : undefined);
}

/** The change with what the journal and other rollbacks know of both versions. */
function remembered({ rows, comebacks }: Subject, memory: Memory, change: PlannedChange): PlannedChange {
  const recall = (version: Version): Version => {
    const row = rows.replicaSets.find((r) => r.uid === version.replicaSet.uid);
    return row && rows.deployment
      ? rememberedVersion(row, rows.deployment, memory, comebacks)
      : withMemory(version, memory);
  };
  return { ...change, from: recall(change.from), to: recall(change.to) };
}

function versionsOf(
  { rows, workload: named, comebacks }: Subject,
  memory: Memory,
  change: PlannedChange | undefined,
): Partial<PlannedService> {
  const { deployment, replicaSets } = rows;
  if (change !== undefined) {
    const { workload, from, to, isPrevious, difference, details } = change;
    return { workload, from, to, isPrevious, difference, details };
  }
  const workload = { ...named, ...(deployment && { uid: deployment.uid }) };
  const current = deployment && currentReplicaSet(deployment, replicaSets);
  return { workload, ...(current && { from: rememberedVersion(current, deployment, memory, comebacks) }) };
}

/** Never rejects but for the caller's own abort: what cannot be planned is refused. */
export async function planService(
  context: PlanningContext,
  target: Target,
  signal: AbortSignal,
): Promise<ServiceOutcome> {
  const { service } = target;
  const entry = context.catalogue.services[service];
  const bare = { service, isPrevious: false, difference: '', details: '', findings: [], notes: [] };
  if (entry === undefined) {
    const message = `There is no service "${service}" in the catalogue.`;
    return { planned: { ...bare, refused: { reason: 'UnknownService', message } }, isOutage: false };
  }
  const [{ subject, answer, memory }, environment] = await Promise.all([
    askedOf(context, target, signal),
    context.facts,
  ]);
  const change = 'change' in answer ? remembered(subject, memory, answer.change) : undefined;
  const findings = findingsFor(context, subject, environment, change);
  const refused = refusedBecause(context, subject, findings, answer);
  const planned: PlannedService = {
    ...bare,
    ...versionsOf(subject, memory, change),
    findings,
    notes: entry.notes,
    ...(refused === undefined ? {} : { refused }),
    ...(entry.healthPath === undefined ? {} : { healthPath: entry.healthPath }),
  };
  const goes = refused === undefined && 'change' in answer;
  return { planned, ...(goes ? { steps: answer.steps } : {}), isOutage: 'refusal' in answer && answer.isOutage };
}
