/**
 * What would be lost with the broken version is read before the patch: its history, a summary, the namespace's events, its pods' logs. It
 * never delays a rescue beyond its budget and never fails one: what could not be read is named. Everything passes the redaction; nothing
 * leaves the cluster, for the evidence is kept in ConfigMaps at home.
 */
import type { Api, Workloads } from '#clients/kubernetes/api.ts';
import type { PodRow, WorkloadKind } from '#clients/kubernetes/rows.ts';
import { historyOf } from '#clients/kubernetes/workload-history.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Evidence } from '#rollback/status.ts';
import { type Budget, startBudget } from './budget.ts';
import type { Captured } from './captured.ts';
import { findOne, storeOne } from './evidence.ts';
import { type LogReading, logReadings, readEvents, readLog, wordsFor } from './readings.ts';
import { redact } from '#rollback/redaction.ts';
import { historyText, summaryText } from './workload-text.ts';

/** Of one service; more pods of one version say the same. */
const MAX_PODS = 8;
/** In the status, which has a size to keep. */
const MAX_MISSING = 40;

export interface CaptureOptions {
  workloads(environment: string): Workloads;
  /** What runs a service there. */
  workload(environment: string, service: string): { kind: WorkloadKind; name: string };
  /** The home cluster, and the bot's own namespace in it. */
  api: Api;
  namespace: string;
  /** For each service. */
  budgetMs: number;
}

export interface Capture {
  /** Within the budget, whatever hangs. Never rejects. */
  read(rollback: Rollback, service: string, signal: AbortSignal): Promise<Captured>;
  /** In place of what a replica had read that is gone: what it kept counts, what it did not is named as missing. */
  lost(service: string): Captured;
  /** Repeatable. Rejects on an outage. */
  store(rollback: Rollback, captured: readonly Captured[], signal: AbortSignal): Promise<Evidence>;
}

/** The newest version's pods, those in trouble first; pods of any version where it has none. */
function brokenPods(pods: readonly PodRow[], versionUid: string | undefined): PodRow[] {
  const newest = pods.filter((p) => p.ownerUid === versionUid);
  const chosen = newest.length > 0 ? newest : pods;
  return chosen.toSorted((a, b) => Number(a.ready) - Number(b.ready)).slice(0, MAX_PODS);
}

const lost = (service: string): Captured => ({
  service,
  parts: [],
  missing: ['everything (the bot was restarted before it was kept)'],
});

const logPartName = ({ pod, container, previous }: LogReading): string =>
  `logs-${pod}-${container}${previous ? '-previous' : ''}.txt`;
const logWords = ({ pod, container, previous }: LogReading): string =>
  `${previous ? 'earlier logs' : 'logs'} of pod ${pod}, container ${container}`;

/** One read of a namespace's events for all services of a rollback; one entry per environment. */
function sharedEvents(budgetMs: number): (rollback: Rollback, workloads: Workloads) => Promise<string> {
  const events = new Map<string, { rollback: string; reading: Promise<string> }>();
  return (rollback, workloads) => {
    const { environment } = rollback.spec;
    const known = events.get(environment);
    if (known?.rollback === rollback.metadata.uid) return known.reading;
    // Its own deadline: the service that asked first must not take it from the others.
    const reading = readEvents(workloads.api, workloads.namespace, AbortSignal.timeout(budgetMs));
    reading.catch(() => events.delete(environment));
    events.set(environment, { rollback: rollback.metadata.uid, reading });
    return reading;
  };
}

interface Read {
  name: string;
  /** What a person misses when it fails. */
  words: string;
  /** undefined: there is none. */
  reading: Promise<string | undefined>;
}

async function readWithin(budget: Budget, reads: readonly Read[]): Promise<Pick<Captured, 'parts' | 'missing'>> {
  const parts: Captured['parts'] = [];
  const missing: string[] = [];
  const answers = await Promise.all(
    reads.map(async ({ name, words, reading }) => ({ name, words, answer: await budget.within(reading) })),
  );
  for (const { name, words, answer } of answers) {
    if ('failed' in answer) missing.push(`${words} (${answer.failed})`);
    else if (answer.value === undefined) missing.push(`${words} (there are none)`);
    else parts.push({ name, text: answer.value });
  }
  return { parts, missing };
}

export function createCapture(options: CaptureOptions): Capture {
  const eventsFor = sharedEvents(options.budgetMs);

  async function readAll(rollback: Rollback, service: string, budget: Budget): Promise<Captured> {
    const { environment } = rollback.spec;
    const workloads = options.workloads(environment);
    const { api, namespace } = workloads;
    const { kind, name } = options.workload(environment, service);
    const history = historyOf(workloads, kind, name);
    if (history === undefined) return { service, parts: [], missing: [`everything (the ${kind} is gone)`] };
    const { workload: deployment, versions: replicaSets } = history;
    const current = replicaSets.find((r) => r.templateHash === deployment.templateHash);
    const owners = new Set(replicaSets.map((r) => r.uid));
    const pods = history.pods.filter((p) => owners.has(p.ownerUid ?? ''));
    const { readings, neverStarted } = logReadings(brokenPods(pods, current?.uid));
    const logs = readings.map((r): Read => {
      const reading = readLog(api, namespace, r, budget.signal);
      return { name: logPartName(r), words: logWords(r), reading };
    });
    const events: Read = { name: 'events.txt', words: 'events', reading: eventsFor(rollback, workloads) };
    const { parts, missing } = await readWithin(budget, [events, ...logs]);
    return {
      service,
      parts: [
        { name: 'summary.txt', text: [summaryText(deployment, pods), ...neverStarted].join('\n') },
        { name: 'history.txt', text: historyText(deployment, replicaSets) },
        ...parts,
      ],
      missing,
    };
  }

  async function read(rollback: Rollback, service: string, signal: AbortSignal): Promise<Captured> {
    const budget = startBudget(options.budgetMs, signal, wordsFor);
    try {
      const { parts, missing } = await readAll(rollback, service, budget);
      return { service, parts: parts.map((p) => ({ ...p, text: redact(p.text) })), missing };
    } catch (error) {
      return { service, parts: [], missing: [`everything (${wordsFor(error)})`] };
    } finally {
      budget.end();
    }
  }

  /** What was read is stored; of what was not, the ConfigMap that an earlier try may have left is looked for. */
  async function keep(rollback: Rollback, one: Captured, signal: AbortSignal) {
    const { service, parts, missing } = one;
    if (parts.length > 0) {
      const { name, cut } = await storeOne(options, rollback, one, signal);
      return { service, name, missing: [...missing, ...cut] };
    }
    const name = await findOne(options, rollback, service, signal);
    return { service, name, missing: name === undefined ? missing : [] };
  }

  async function store(rollback: Rollback, captured: readonly Captured[], signal: AbortSignal): Promise<Evidence> {
    const kept = await Promise.all(captured.map((one) => keep(rollback, one, signal)));
    const missing = kept.flatMap((one) => one.missing.map((words) => `${one.service}: ${words}`));
    const excess = missing.length - MAX_MISSING;
    return {
      configMaps: kept.flatMap(({ service, name }) => (name === undefined ? [] : [{ service, name }])),
      missing: excess > 0 ? [...missing.slice(0, MAX_MISSING), `and ${excess} more`] : missing,
    };
  }

  return { read, lost, store };
}
