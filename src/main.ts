/**
 * The composition root: it and replica.ts, which it gives the real ports, are the only files that know everyone. `npm start` runs it with
 * the environment; the playground calls `startBot` with a clock of its own. Everything else receives what it works with.
 */
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { redact } from '#rollback/redaction.ts';
import { CatalogueError, readCatalogue } from '#catalogue/read.ts';
import { createHttpReader } from '#clients/http/http-reader.ts';
import { connect, type Connection } from '#clients/kubernetes/api-server.ts';
import { type Config, ConfigError, readConfig } from '#config';
import type { CrashPoint } from '#controller/perform.ts';
import { TerminalError } from '#rollback/failure.ts';
import type { Audit, Clock, Log } from '#rollback/ports.ts';
import { createSlackApp } from '#slack/app.ts';
import { createAudit, createLog } from './log.ts';
import { serveProbes } from './probes.ts';
import { createReplica } from './replica.ts';
import { systemClock } from './system-clock.ts';

export interface BotOptions {
  clock?: Clock;
  log?: Log;
  audit?: Audit;
  crashPoint?: CrashPoint;
  /** One message is not edited more often than this; ms. Default: 1,500. */
  messageIntervalMs?: number;
  /** Ends the process; called when work that was aborted for a lost lease hangs. */
  exit?: (code: number) => void;
  /** Ends a start that is under way: what runs already ends in order, and `startBot` rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** An orderly end that takes longer than this is none. */
const STOP_WITHIN_MS = 12_000;

export interface Bot {
  /** Takes no new work, ends what is under way, closes sockets and watches. */
  stop(): Promise<void>;
  /** Why it is not ready, as sentences; also told by /readyz. */
  problems(): string[];
  /** Resolves with Slack's word when Slack rejects the app's token for good. */
  readonly rejected: Promise<string>;
}

/** One connection per kubeconfig context. */
function connections(
  config: Config,
  clock: Clock,
): { cluster: (context?: string) => Connection; close(): Promise<void> } {
  const byContext = new Map<string | undefined, Connection>();
  return {
    cluster(context) {
      const known = byContext.get(context) ?? connect({ kubeconfigPath: config.kubeconfig, context, clock });
      byContext.set(context, known);
      return known;
    },
    async close() {
      await Promise.all([...byContext.values()].map((connection) => connection.close()));
    },
  };
}

/**
 * Starts watches, Slack and the election; resolves when Slack is connected. The API server may be down: the Slack side says so. Rejects
 * with CatalogueError, or with what Slack says about the tokens.
 */
export async function startBot(config: Config, options: BotOptions = {}): Promise<Bot> {
  const { clock = systemClock, crashPoint, messageIntervalMs } = options;
  const { exit = (code) => process.exit(code), signal } = options;
  const log = options.log ?? createLog({ level: config.logLevel, clock, redact });
  const catalogue = readCatalogue(config.catalogue);
  const clusters = connections(config, clock);
  const http = createHttpReader();
  const identity = `${config.podName ?? hostname()}-${randomUUID().slice(0, 8)}`;
  const replica = createReplica({
    catalogue,
    namespace: config.namespace,
    home: clusters.cluster(),
    cluster: (context) => clusters.cluster(context),
    http,
    identity,
    clock,
    log,
    audit: options.audit ?? createAudit({ clock, redact }),
    onOverrun: () => exit(1),
    ...(crashPoint === undefined ? {} : { crashPoint }),
    ...(messageIntervalMs === undefined ? {} : { messageIntervalMs }),
  });
  const slack = createSlackApp({
    config: config.slack,
    ports: { rollbacks: replica.store, planner: replica.planner },
    catalogue,
    clock,
    log,
  });
  const stopping = new AbortController();
  const { permission, clients } = slack;
  const problems = (): string[] => [...(slack.isReady() ? [] : ['No socket to Slack is open.']), ...replica.problems()];
  const probes = config.probePort === undefined ? undefined : await serveProbes(config.probePort, problems);
  const running = replica.run({ permission, background: clients.background }, stopping.signal);
  const stop = async (): Promise<void> => {
    await slack.stop();
    stopping.abort(new Error('stopping'));
    await running;
    await Promise.all([clusters.close(), http.close(), probes?.close()]);
  };
  try {
    await Promise.race([slack.start(), ...(signal ? [aborted(signal)] : [])]);
  } catch (error) {
    // It may lead already: nobody else could before the lease expires.
    await stop();
    throw error;
  }
  log.info('started', { identity, environments: Object.keys(catalogue.environments) });
  return { problems, rejected: slack.rejected, stop };
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(signal.reason as Error);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return promise;
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
  // A log that cannot be written, because its disk is full or nobody reads it any more, is no reason to leave a rescue half done.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const ending = new AbortController();
  try {
    const starting = startBot(readConfig(), { signal: ending.signal });
    const ended = async (): Promise<void> => (await starting).stop();
    let stopping: Promise<unknown> | undefined;
    const stop = (): Promise<unknown> => {
      ending.abort(new Error('asked to end'));
      return (stopping ??= Promise.race([ended().catch(() => undefined), systemClock.sleep(STOP_WITHIN_MS)]));
    };
    // From the start on: it may lead before Slack answers. However often it is said: a second one must not cut the orderly end short.
    for (const sign of ['SIGTERM', 'SIGINT'] as const) process.on(sign, () => void stop().then(() => process.exit(0)));
    const bot = await starting;
    const reason = await bot.rejected;
    await stop();
    give(`Slack rejects the app's token: ${reason}. Install a new one and start again.`);
  } catch (error) {
    if (ending.signal.aborted) return;
    const isKnown = error instanceof ConfigError || error instanceof CatalogueError || error instanceof TerminalError;
    give(isKnown ? error.message : redact(String(error)));
  }
}

if (import.meta.main) await main();
