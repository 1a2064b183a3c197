/**
 * One replica of the bot without its sockets: watches, planner, controller, messages and the election, joined from the ports it is given.
 * It may assume that the catalogue is valid; it opens no connection and reads no environment. What runs in production and what the seeds
 * run is this.
 */
import { createCapture } from '#capture/capture.ts';
import { type Catalogue, kindsOf, workloadOf } from '#catalogue/catalogue.ts';
import type { HttpReader } from '#clients/http/http-reader.ts';
import { type Api, areLive, type Workloads } from '#clients/kubernetes/api.ts';
import { checkedWrites } from '#clients/kubernetes/checked-writes.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { workloads as watchWorkloads } from '#clients/kubernetes/workloads.ts';
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
import { type Audit, type Clock, type Log, NotLeaderError, type Permission, type Planner } from '#rollback/ports.ts';
import { createDefinition, type Definition } from '#store/definition.ts';
import type { SetAside } from '#store/kept.ts';
import { createStore, type Store } from '#store/store.ts';
import { createHealth } from '#verification/health.ts';

/** How long the election waits for the first lists of all environments. */
const SYNCED_WITHIN_MS = 10_000;

export interface ReplicaPorts {
  catalogue: Catalogue;
  /** Where Rollbacks, the lease and captured evidence live. */
  namespace: string;
  home: Api;
  /** The cluster behind a kubeconfig context; absent: home. */
  cluster: (context: string | undefined) => Api;
  http: Pick<HttpReader, 'get'>;
  /** This replica's name in the lease, unique. */
  identity: string;
  clock: Clock;
  log: Log;
  audit: Audit;
  /** The lease is lost and what was aborted hangs: the process must end. */
  onOverrun: () => void;
  crashPoint?: CrashPoint;
  /** One message is not edited more often than this; ms. Default: 1,500. */
  messageIntervalMs?: number;
}

/** What the controller needs of Slack. */
export interface SlackPorts {
  permission: Permission;
  /** Must neither retry nor wait for rate limits by itself. */
  background: Parameters<typeof createPosts>[0];
}

export interface Replica {
  store: Store;
  planner: Planner;
  /** Why it could not do its work now, as sentences. */
  problems(): string[];
  /** Watches, and stands for election; resolves when the signal was aborted and nothing of it runs any more. */
  run(slack: SlackPorts, signal: AbortSignal): Promise<void>;
}

type WorkloadsOf = (environment: string) => Workloads;

/** One set of watches per environment. */
function joinWorkloads({ catalogue, cluster, clock, log }: ReplicaPorts): WorkloadsOf {
  const kinds = kindsOf(catalogue);
  const watched = new Map(
    Object.entries(catalogue.environments).map(([name, { context, namespace }]) => {
      const onTrouble = (error: unknown): void =>
        log.warn('a watch broke and goes on', { environment: name, error: String(error) });
      return [name, watchWorkloads({ api: cluster(context), namespace, clock, kinds, onTrouble })];
    }),
  );
  return (name) => {
    const known = watched.get(name);
    if (!known) throw new Error(`no environment "${name}" in the catalogue`);
    return known;
  };
}

interface Joined {
  ports: ReplicaPorts;
  workloads: WorkloadsOf;
  store: Store;
  journals: JournalStore;
}

function joinPlanner({ ports, workloads, store, journals }: Joined) {
  const { catalogue, clock } = ports;
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

function joinHealth({ ports, store }: Joined): LeaderParts['health'] {
  const { catalogue, http, clock } = ports;
  return createHealth({
    http,
    clock,
    rollbacks: store,
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
}

type Rows = Parameters<JournalStore['observe']>[1];

/** StatefulSets and DaemonSets too, where what is known of them may be believed. */
function withFurtherKinds(workloads: Workloads, { deployments, replicaSets }: Rows): Rows {
  const { statefulSets, daemonSets, controllerRevisions } = workloads;
  if (controllerRevisions === undefined || !areLive([controllerRevisions])) return { deployments, replicaSets };
  const further = [statefulSets, daemonSets].flatMap((cache) => (cache && areLive([cache]) ? cache.all() : []));
  return {
    deployments: [...deployments, ...further],
    replicaSets: [...replicaSets, ...controllerRevisions.all()],
  };
}

type Writers = ReturnType<LeaderParts['writers']>;

function joinJournal({ ports, workloads }: Joined, journals: JournalStore): Writers['journal'] {
  return {
    async left(rollback, services, at, signal) {
      for (const service of services) await journals.left(rollback, service, at, signal);
    },
    async observe(signal) {
      for (const name of Object.keys(ports.catalogue.environments)) {
        const { deployments, replicaSets, pods } = workloads(name);
        // Minutes of which nobody knows how they went are not counted as healthy.
        if (!areLive([deployments, replicaSets, pods])) continue;
        const rows = { deployments: deployments.all(), replicaSets: replicaSets.all() };
        await journals.observe(name, withFurtherKinds(workloads(name), rows), signal);
      }
    },
  };
}

/** Makes a messenger for each term; the budget of edits is one for the whole process. */
function joinMessenger({ ports, store }: Joined, slack: SlackPorts, budget: EditBudget): LeaderParts['messenger'] {
  const { clock, log } = ports;
  const posts = createPosts(slack.background);
  return ({ perform, epoch, overlaps }) =>
    new SlackNotifier({
      posts,
      record: (rollback, slots, signal) => store.patchStatus(rollback, { slack: slots }, { epoch }, signal),
      render,
      hashOf: slotHash,
      perform,
      budget,
      clock,
      log,
      overlaps,
    });
}

/** What a frozen leader could still write after it woke up, before it hears that its time is over. */
function joinWriters(joined: Joined): LeaderParts['writers'] {
  const { ports, workloads } = joined;
  const { catalogue, home, namespace, clock } = ports;
  return ({ isHeld }) => {
    const api = checkedWrites(home, () => {
      if (!isHeld()) throw new NotLeaderError('this replica does not lead any more');
    });
    return {
      capture: createCapture({
        workloads,
        workload: (environment, service) => workloadOf(catalogue, environment, service),
        api,
        namespace,
        budgetMs: catalogue.timings.captureSeconds * 1000,
      }),
      journal: joinJournal(joined, createJournalStore({ api, namespace, clock })),
    };
  };
}

function joinLeader(
  joined: Joined,
  slack: SlackPorts,
  { methods, planner }: ReturnType<typeof joinPlanner>,
): LeaderParts {
  const { ports, workloads, store } = joined;
  const { catalogue, clock, log, audit, crashPoint, messageIntervalMs } = ports;
  const budget = createEditBudget(messageIntervalMs === undefined ? {} : { messageIntervalMs });
  return {
    store,
    clock,
    log,
    audit,
    method: methods,
    permission: slack.permission,
    planSteps: (request, signal) => planner.planSteps(request, signal),
    unplanned: (request, refused) => planner.unplanned(request, refused),
    messenger: joinMessenger(joined, slack, budget),
    writers: joinWriters(joined),
    health: joinHealth(joined),
    onWorkloadChange(listener) {
      const removals = Object.keys(catalogue.environments).flatMap((name) => {
        const { deployments, statefulSets, daemonSets, pods } = workloads(name);
        const watched = [deployments, statefulSets, daemonSets, pods];
        return watched.flatMap((cache) => cache?.onChange(() => listener(name)) ?? []);
      });
      return () => {
        for (const remove of removals) remove();
      };
    },
    ...(crashPoint === undefined ? {} : { crashPoint }),
  };
}

/** Watches first, then stands for election until the signal is aborted; only under a definition that keeps what is written. */
async function serve(
  { ports, workloads, store }: Joined,
  leader: LeaderParts,
  definition: Definition,
  signal: AbortSignal,
): Promise<void> {
  const { catalogue, home, namespace, identity, clock, log, onOverrun } = ports;
  const epochFloor = (): number => Math.max(0, ...store.list().map(({ status }) => status?.epoch ?? 0));
  const synced = Promise.all(Object.keys(catalogue.environments).map((name) => workloads(name).start(signal)));
  const elect = (s: AbortSignal): Promise<void> =>
    runElection(
      { api: home, namespace, identity, clock, log, epochFloor, onOverrun, lead: (term) => lead(leader, term) },
      s,
    );
  await store.start(signal);
  // An environment whose cluster does not answer is an outage of its own: it never keeps the others waiting.
  await Promise.race([synced, clock.sleep(SYNCED_WITHIN_MS, signal).catch(() => undefined)]);
  if (signal.aborted) return;
  await definition.whileUsable(elect, signal);
}

/** Joins a replica; nothing happens before `run`, which is called once. */
export function createReplica(ports: ReplicaPorts): Replica {
  const { home, namespace, clock, log } = ports;
  const onTrouble = (error: unknown): void =>
    log.warn('the watch of rollbacks broke and goes on', { error: String(error) });
  const onSetAside = (aside: SetAside): void => log.warn('a Rollback is left alone', aside);
  const store = createStore({ api: home, namespace, clock, onTrouble, onSetAside });
  const definition = createDefinition({ api: home, clock, log });
  const joined: Joined = {
    ports,
    workloads: joinWorkloads(ports),
    store,
    journals: createJournalStore({ api: home, namespace, clock }),
  };
  const planning = joinPlanner(joined);
  return {
    store,
    planner: planning.planner,
    problems() {
      const wrong = definition.problem();
      return [...(store.isFresh() ? [] : ['The API server does not answer.']), ...(wrong === undefined ? [] : [wrong])];
    },
    run: (slack, signal) => serve(joined, joinLeader(joined, slack, planning), definition, signal),
  };
}
