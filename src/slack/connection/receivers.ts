/**
 * A line to Slack that is kept open: before a socket goes the next one is there, and one that broke is opened again at once. The SDK's own
 * reconnect waits five seconds with no socket at all, and a rejection in it ends the process, so it is switched off. Only a token that Slack
 * rejects is given up, loudly.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { TerminalError } from '#rollback/failure.ts';
import { within } from '../deadline.ts';
import { slackError } from './clients.ts';
import { type Connection, type ConnectionParts, openConnection } from './connection.ts';

export interface Socket {
  /** Resolves with the first hello. Rejects with TerminalError when Slack rejects the token; any other trouble is tried again. */
  start(): Promise<void>;
  isConnected(): boolean;
  /** Opens another connection in place of this one, so that it does not come of age together with others. */
  renew(): void;
  /** Closes the socket; Slack does not always close its side, so at most 3 s. */
  stop(): Promise<void>;
}

const FATAL = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'not_allowed_token_type',
  'user_removed_from_team',
  'team_disabled',
  'missing_scope',
]);
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** What came on the old one is acknowledged there: Slack waits three seconds. */
const RETIRE_MS = 3000;
const CLOSE_MS = 3500;

/** A socket that has to go sooner than this was of no use: Slack that greets and dismisses is not to be asked a hundred times a second. */
const SERVED_MS = 5000;

/** Nothing after a socket that served; then doubling, at most 15 s. */
export function reconnectDelayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
}

/** `before`, and one more when the socket that has to go had served for so short a time; else none. */
export function dismissalsAfter(before: number, servedMs: number): number {
  return servedMs < SERVED_MS ? before + 1 : 0;
}

/** The first two are taken for chance: a refresh can meet a socket that is new. */
export function dismissedDelayMs(dismissals: number): number {
  return reconnectDelayMs(Math.max(0, dismissals - 2));
}

/** The connections of one line: more than one only while one takes the place of another. */
function createConnections(parts: ConnectionParts, stopping: AbortSignal) {
  const open = new Set<Connection>();
  return {
    isActive: (): boolean => [...open].some((connection) => connection.isActive()),
    /** Rejects as `openConnection` does. */
    async add(): Promise<Connection> {
      const connection = await openConnection(parts, stopping);
      open.add(connection);
      void connection.closed.then(() => open.delete(connection));
      return connection;
    },
    /** Never rejects. */
    async retire(connection: Connection): Promise<void> {
      await pause(RETIRE_MS, stopping);
      if (open.has(connection)) await connection.close();
    },
    async close(): Promise<void> {
      await Promise.all([...open].map((connection) => connection.close()));
    },
  };
}

/** Until the time is over, or at once when it stops. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

export function createSocket(parts: ConnectionParts, onFatal: (reason: string) => void): Socket {
  const { log } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const connections = createConnections(parts, signal);
  const first = Promise.withResolvers<void>();
  let renewal = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;

  /** False: Slack rejects the token, so this is over. */
  function mayTryAgain(error: unknown, failures: number): boolean {
    const reason = slackError(error);
    if (!FATAL.has(reason)) {
      log.warn('a socket could not be opened and is tried again', { reason, failures });
      return true;
    }
    first.reject(new TerminalError('SlackAppToken', `Slack: ${reason}. SLACK_APP_TOKEN is not accepted.`));
    onFatal(reason);
    return false;
  }

  async function run(): Promise<void> {
    let failures = 0;
    let dismissals = 0;
    let before: Connection | undefined;
    while (!signal.aborted) {
      try {
        const connection = await connections.add();
        if (signal.aborted) return await connection.close();
        first.resolve();
        failures = 0;
        renewal = Promise.withResolvers<void>();
        if (before) void connections.retire(before);
        before = connection;
        const openedAt = performance.now();
        await Promise.race([connection.leaving, connection.closed, renewal.promise]);
        dismissals = dismissalsAfter(dismissals, performance.now() - openedAt);
        await pause(dismissedDelayMs(dismissals), signal);
      } catch (error) {
        failures += 1;
        if (signal.aborted || !mayTryAgain(error, failures)) return;
        await pause(reconnectDelayMs(failures), signal);
      }
    }
  }

  return {
    start() {
      running ??= run();
      return first.promise;
    },
    isConnected: () => connections.isActive(),
    renew: () => renewal.resolve(),
    async stop() {
      stopping.abort();
      first.resolve();
      const ended = Promise.all([running, connections.close()]);
      await within(CLOSE_MS, 'disconnect', ended).catch(() => log.warn('a socket did not close in time'));
    },
  };
}
