/**
 * The composition root: the only file that knows everyone. `npm start` runs it with the environment; the playground calls `startBot` with
 * a clock of its own. Everything else receives what it works with.
 */
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { createCapture } from '#capture/capture.ts';
import { redact } from '#capture/redaction.ts';
import { type Catalogue, workloadName } from '#catalogue/catalogue.ts';
import { CatalogueError, readCatalogue } from '#catalogue/read.ts';
import { createHttpReader } from '#clients/http/http-reader.ts';
import { areLive, type Workloads } from '#clients/kubernetes/api.ts';
import { connect, type Connection } from '#clients/kubernetes/api-server.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { workloads as watchWorkloads } from '#clients/kubernetes/workloads.ts';
import { type Config, ConfigError, readConfig } from '#config';
import { lead, type LeaderParts } from '#controller/leading/leader.ts';
import { runElection } from '#controller/leading/lease.ts';
import type { CrashPoint } from '#controller/perform.ts';
import { createJournalStore, type JournalStore } from '#journal/store.ts';
import { createMethods } from '#methods/index.ts';
import { render } from '#messages/render.ts';
import { createEditBudget, type EditBudget } from '#notify/edit-budget.ts';
import { SlackNotifier } from '#notify/notifier.ts';
import { createPosts } from '#notify/posts.ts';
import { slotHash } from '#notify/slot-hash.ts';
import { createPlanner } from '#planning/planner.ts';
import { TerminalError } from '#rollback/failure.ts';
import type { Audit, Clock, Log } from '#rollback/ports.ts';
import { createSlackApp, type SlackApp } from '#slack/app.ts';
import { createStore, type Store } from '#store/store.ts';
import { createHealth } from '#verification/health.ts';
import { createAudit, createLog } from './log.ts';
import { systemClock } from './system-clock.ts';

/** How long the election waits for the first lists of all environments. */
const SYNCED_WITHIN_MS = 10_000;

export interface BotOptions {
  clock?: Clock;
  log?: Log;
  audit?: Audit;
  crashPoint?: CrashPoint;
  /** Deadline of a pong, and how long a closed socket waits before it opens again; ms. */
  clientPingTimeout?: number;
  /** One message is not edited more often than this; ms. Default: 1,500. */
  messageIntervalMs?: number;
}

export interface Bot {
  /** Takes no new work, ends what is under way, closes sockets and watches. */
  stop(): Promise<void>;
  isReady(): boolean;
  /** Resolves with Slack's word when Slack rejects the app's token for good. */
  readonly rejected: Promise<string>;
}

interface World {
  catalogue: Catalogue;
  home: Connection;
  connections: Connection[];
  workloads: (environment: string) => Workloads;
}

/** One connection per kubeconfig context, one set of watches per environment. */
function joinClusters(config: Config, catalogue: Catalogue, clock: Clock, log: Log): World {
  const byContext = new Map<string | undefined, Connection>();
  const connection = (context: string | undefined): Connection => {
    const known = byContext.get(context) ?? connect({ kubeconfigPath: config.kubeconfig, context, clock });
    byContext.set(context, known);
    return known;
  };
  const home = connection(undefined);
  const watched = new Map(
    Object.entries(catalogue.environments).map(([name, { context, namespace }]) => {
      const onTrouble = (error: unknown): void =>
        log.warn('a watch broke and goes on', { environment: name, error: String(error) });
      return [name, watchWorkloads({ api: connection(context), namespace, clock, onTrouble })];
    }),
  );
  const workloads = (name: string): Workloads => {
    const known = watched.get(name);
    if (!known) throw new Error(`no environment "${name}" in the catalogue`);
    return known;
  };
  return { catalogue, home, connections: [...byContext.values()], workloads };
}

function joinLeader(
  world: World,
  given: Pick<
    LeaderParts,
    'store' | 'planSteps' | 'method' | 'permission' | 'clock' | 'log' | 'audit' | 'messenger'
  > & {
    journals: JournalStore;
    namespace: string;
    crashPoint?: CrashPoint;
  },
): LeaderParts {
  const { catalogue, home, workloads } = world;
  const { journals, namespace, ...parts } = given;
  const environments = Object.keys(catalogue.environments);
  const capture = createCapture({
    workloads,
    workloadName: (environment, service) => workloadName(catalogue, environment, service),
    api: home,
    namespace,
    budgetMs: catalogue.timings.captureSeconds * 1000,
  });
  const health = createHealth({
    http: createHttpReader(),
    clock: parts.clock,
    rollbacks: parts.store,
    environment: (name) => {
      const baseUrl = catalogue.environments[name]?.baseUrl;
      const services = Object.entries(catalogue.services).map(([service, { healthPath, gateway }]) => ({
        service,
        gateway,
        ...(healthPath === undefined ? {} : { healthPath }),
      }));
      return { services, ...(baseUrl === undefined ? {} : { baseUrl }) };
    },
  });
  return {
    ...parts,
    capture,
    health,
    journal: {
      async left(rollback, services, at, signal) {
        for (const service of services) await journals.left(rollback, service, at, signal);
      },
      async observe(signal) {
        for (const name of environments) {
          const { deployments, replicaSets, pods } = workloads(name);
          // Minutes of which nobody knows how they went are not counted as healthy.
          if (!areLive([deployments, replicaSets, pods])) continue;
          await journals.observe(name, { deployments: deployments.all(), replicaSets: replicaSets.all() }, signal);
        }
      },
    },
    onWorkloadChange(listener) {
      const removals = environments.flatMap((name) => {
        const { deployments, pods } = workloads(name);
        return [deployments, pods].map((watched) => watched.onChange(() => listener(name)));
      });
      return () => {
        for (const remove of removals) remove();
      };
    },
  };
}

function joinPlanner({ catalogue, workloads }: World, store: Store, journals: JournalStore, clock: Clock) {
  const askers = new Map(Object.keys(catalogue.environments).map((name) => [name, mayI(workloads(name).api, clock)]));
  const methods = createMethods({ workloads, clock });
  const planner = createPlanner({
    catalogue,
    workloads,
    journal: (environment) => ({ read: (signal) => journals.read(environment, signal) }),
    methods,
    rollbacks: store,
    mayI: (environment) => askers.get(environment)!,
    clock,
  });
  return { methods, planner };
}

/** Makes a messenger for each term; the budget of edits is one for the whole process. */
function joinMessenger(
  slack: SlackApp,
  store: Store,
  { clock, log, budget }: { clock: Clock; log: Log; budget: EditBudget },
): LeaderParts['messenger'] {
  const posts = createPosts(slack.clients.background);
  return ({ perform, epoch }) =>
    new SlackNotifier({
      posts,
      record: (rollback, slots, signal) => store.patchStatus(rollback, { slack: slots }, { epoch }, signal),
      render,
      hashOf: slotHash,
      perform,
      budget,
      clock,
      log,
    });
}

/**
 * Starts watches, Slack and the election; resolves when Slack is connected. The API server may be down: the Slack side says so. Rejects
 * with CatalogueError, or with what Slack says about the tokens.
 */
export async function startBot(config: Config, options: BotOptions = {}): Promise<Bot> {
  const { clock = systemClock, clientPingTimeout, crashPoint } = options;
  const { namespace } = config;
  const log = options.log ?? createLog({ level: config.logLevel, clock, redact });
  const audit = options.audit ?? createAudit({ clock, redact });
  const catalogue = readCatalogue(config.catalogue);
  const world = joinClusters(config, catalogue, clock, log);
  const { home, workloads, connections } = world;
  const onTrouble = (error: unknown): void =>
    log.warn('the watch of rollbacks broke and goes on', { error: String(error) });
  const store = createStore({ api: home, namespace, clock, onTrouble });
  const journals = createJournalStore({ api: home, namespace, clock });
  const { methods, planner } = joinPlanner(world, store, journals, clock);
  const slack = createSlackApp({
    config: { ...config.slack, ...(clientPingTimeout === undefined ? {} : { clientPingTimeout }) },
    ports: { rollbacks: store, planner },
    catalogue,
    clock,
    log,
  });
  const { messageIntervalMs } = options;
  const budget = createEditBudget(messageIntervalMs === undefined ? {} : { messageIntervalMs });
  const messenger = joinMessenger(slack, store, { clock, log, budget });
  const leader = joinLeader(world, {
    store,
    journals,
    namespace,
    clock,
    log,
    audit,
    messenger,
    method: methods,
    permission: slack.permission,
    planSteps: (request, signal) => planner.planSteps(request, signal),
    ...(crashPoint === undefined ? {} : { crashPoint }),
  });

  const stopping = new AbortController();
  const { signal } = stopping;
  const identity = `${config.podName ?? hostname()}-${randomUUID().slice(0, 8)}`;
  const epochFloor = (): number => Math.max(0, ...store.list().map(({ status }) => status?.epoch ?? 0));
  const synced = Promise.all(Object.keys(catalogue.environments).map((name) => workloads(name).start(signal)));
  const electing = (async () => {
    await store.start(signal);
    // An environment whose cluster does not answer is an outage of its own: it never keeps the others waiting.
    await Promise.race([synced, clock.sleep(SYNCED_WITHIN_MS, signal).catch(() => undefined)]);
    if (signal.aborted) return;
    await runElection(
      { api: home, namespace, identity, clock, log, epochFloor, lead: (term) => lead(leader, term) },
      signal,
    );
  })();
  await slack.start();
  log.info('started', { identity, environments: Object.keys(catalogue.environments) });
  return {
    isReady: () => slack.isReady() && store.isFresh(),
    rejected: slack.rejected,
    async stop() {
      await slack.stop();
      stopping.abort(new Error('stopping'));
      await electing;
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

/** Ends the process on purpose: a person has to change something. */
function give(up: string): never {
  process.stderr.write(`${up}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  // The SDK leaves promises without a catch when a socket cannot be opened again; it keeps trying all the same (slack.md D3).
  process.on('unhandledRejection', (error) =>
    process.stderr.write(`${redact(`unhandled rejection: ${String(error)}`)}\n`),
  );
  try {
    const bot = await startBot(readConfig());
    for (const sign of ['SIGTERM', 'SIGINT'] as const) {
      process.once(sign, () => void bot.stop().then(() => process.exit(0)));
    }
    give(`Slack rejects the app's token: ${await bot.rejected}. Install a new one and start again.`);
  } catch (error) {
    const isKnown = error instanceof ConfigError || error instanceof CatalogueError || error instanceof TerminalError;
    give(isKnown ? error.message : redact(String(error)));
  }
}

if (import.meta.main) await main();
