/** What all services of one planning request share, gathered once: caches that answer, the environment's facts, the journal. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Catalogue, type Environment, workloadOf } from '#catalogue/catalogue.ts';
import { type Api, areLive, type MayI, type Watched, type Workloads } from '#clients/kubernetes/api.ts';
import { cachesOf, historyOf } from '#clients/kubernetes/workload-history.ts';
import type { Journal } from '#journal/journal.ts';
import type { Method } from '#methods/method.ts';
import { ownedReplicaSets } from '#methods/undo/versions.ts';
import { type EnvironmentFacts, readEnvironment } from '#preflight/environment-facts.ts';
import type { Fact } from '#preflight/facts.ts';
import { TerminalError } from '#rollback/failure.ts';
import { type Clock, type PlanRequest, UnavailableError } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { MethodName } from '#rollback/spec.ts';

const JOURNAL_TIMEOUT_MS = 2_000;
/** Of the first lists after a start; real time, for it is the server that is waited for. */
const FIRST_SYNC_MS = 3000;
const ANSWER_MS = 1000;

export interface PlannerParts {
  catalogue: Catalogue;
  workloads(environment: string): Workloads;
  journal(environment: string): { read(signal: AbortSignal): Promise<Journal> };
  /** Only `plan` is asked. */
  methods(name: MethodName): Pick<Method<unknown, unknown>, 'plan'>;
  rollbacks: { list(): Rollback[] };
  mayI(environment: string): MayI;
  clock: Pick<Clock, 'now'>;
}

export interface PlanningContext {
  catalogue: Catalogue;
  request: PlanRequest;
  environment: Environment;
  workloads: Workloads;
  /** Read while the methods plan. */
  facts: Promise<EnvironmentFacts>;
  journal: Fact<Journal>;
  rollbacks: readonly Rollback[];
  method: Pick<Method<unknown, unknown>, 'plan'>;
  nowMs: number;
}

export function noAnswer(environment: string): UnavailableError {
  return new UnavailableError(`The API server of ${environment} does not answer.`);
}

/** Throws TerminalError for a name that the catalogue does not know. */
export function environmentOf(catalogue: Catalogue, name: string): Environment {
  const environment = catalogue.environments[name];
  if (environment !== undefined) return environment;
  const known = Object.keys(catalogue.environments).join(', ');
  throw new TerminalError('UnknownEnvironment', `There is no environment "${name}" in the catalogue. Known: ${known}.`);
}

/**
 * A bot that has just started is about to know, and so is one whose cluster is back after an outage: a person who types in that moment need
 * not hear of it. Any answer of the server brings its watches back.
 */
async function synced(caches: readonly Watched<unknown>[], api: Api, signal: AbortSignal): Promise<void> {
  const endsAt = performance.now() + FIRST_SYNC_MS;
  const isSynced = (): boolean => caches.every((cache) => cache.isSynced());
  if (isSynced() && areLive(caches)) return;
  await api.get('/version', { signal, timeoutMs: ANSWER_MS });
  while (!(isSynced() && areLive(caches)) && performance.now() < endsAt) await wait(20, undefined, { signal });
}

/**
 * The caches of an environment, if those of Deployments may be believed; otherwise it rejects with UnavailableError. StatefulSets and
 * DaemonSets that cannot be seen are for their own services to say.
 */
export async function freshWorkloads(
  parts: PlannerParts,
  environment: string,
  services: readonly string[],
  signal: AbortSignal,
): Promise<Workloads> {
  environmentOf(parts.catalogue, environment);
  const workloads = parts.workloads(environment);
  const kinds = new Set(services.map((service) => workloadOf(parts.catalogue, environment, service).kind));
  const caches = [...kinds.add('Deployment')].flatMap((kind) => cachesOf(workloads, kind) ?? []);
  // Without an answer nobody has to wait.
  await synced(caches, workloads.api, signal).catch(() => signal.throwIfAborted());
  if (!areLive([workloads.deployments, workloads.replicaSets, workloads.pods])) throw noAnswer(environment);
  return workloads;
}

/** Rejects only for the caller's own abort. */
export async function readJournal(
  parts: PlannerParts,
  environment: string,
  signal: AbortSignal,
): Promise<Fact<Journal>> {
  try {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(JOURNAL_TIMEOUT_MS)]);
    return { known: true, value: await parts.journal(environment).read(bounded) };
  } catch {
    signal.throwIfAborted();
    return { known: false, why: 'the journal could not be read' };
  }
}

/** Secrets that any version of the services asked for refers to; one call each, so only where the environment grants it. */
function secretNames(catalogue: Catalogue, workloads: Workloads, request: PlanRequest): string[] {
  const names = new Set<string>();
  for (const { service } of request.targets) {
    const { kind, name: workload } = workloadOf(catalogue, request.environment, service);
    const history = historyOf(workloads, kind, workload);
    if (history === undefined) continue;
    const versions = ownedReplicaSets(history.workload, history.versions);
    for (const name of versions.flatMap((r) => r.refs.secrets)) names.add(name);
  }
  return [...names];
}

/** Rejects as `environmentOf` and `freshWorkloads` do. */
export async function gatherContext(
  parts: PlannerParts,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<PlanningContext> {
  const { catalogue } = parts;
  const environment = environmentOf(catalogue, request.environment);
  const services = request.targets.map(({ service }) => service);
  const workloads = await freshWorkloads(parts, request.environment, services, signal);
  const journal = await readJournal(parts, request.environment, signal);
  const facts = readEnvironment(
    {
      api: workloads.api,
      mayI: parts.mayI(request.environment),
      namespace: environment.namespace,
      kinds: services.map((service) => workloadOf(catalogue, request.environment, service).kind),
      secretNames: environment.readsSecrets ? secretNames(catalogue, workloads, request) : undefined,
    },
    signal,
  );
  return {
    catalogue,
    request,
    environment,
    workloads,
    facts,
    journal,
    rollbacks: parts.rollbacks.list(),
    method: parts.methods(request.method),
    nowMs: parts.clock.now(),
  };
}
