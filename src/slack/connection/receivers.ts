/**
 * Two sockets on one App: while Slack refreshes one, the other one serves. The SDK's own reconnect waits five seconds with no socket at
 * all, and a rejection in it ends the process, so it is switched off and the loop here opens the socket again at once. Only a token that
 * Slack rejects is given up, loudly.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import { TerminalError } from '#rollback/failure.ts';
import type { Log } from '#rollback/ports.ts';
import { LateError, within } from '../deadline.ts';
import { receiverOptions, slackError, type SlackConfig } from './clients.ts';

export interface Socket {
  receiver: SocketModeReceiver;
  /** Resolves with the first hello. Rejects with TerminalError when Slack rejects the token; any other trouble is tried again. */
  start(): Promise<void>;
  isConnected(): boolean;
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
const CLOSE_MS = 3000;
const HELLO_MS = 20_000;

/** Nothing after a socket that served; then doubling, at most 15 s. */
export function reconnectDelayMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
}

type Client = SocketModeReceiver['client'];

/** Resolves when the socket that was opened has closed. Rejects when none could be opened. */
async function serve(client: Client, opened: () => void): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  client.once('disconnected', resolve);
  try {
    await within(HELLO_MS, 'hello', client.start());
    opened();
    await closed;
  } catch (error) {
    // Without a hello the socket serves nobody, and would go on eating envelopes.
    if (error instanceof LateError) void client.disconnect();
    throw error;
  } finally {
    client.removeListener('disconnected', resolve);
  }
}

function createReceiver(config: SlackConfig, logger: Logger, log: Log): SocketModeReceiver {
  const { appToken, clientPingTimeout } = config;
  return new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    ...(clientPingTimeout === undefined ? {} : { clientPingTimeout }),
    installerOptions: { clientOptions: receiverOptions(config) },
    processEventErrorHandler: ({ error }) => {
      log.error('an envelope could not be handled', { error: String(error) });
      return Promise.resolve(false);
    },
  });
}

export function createSocket(config: SlackConfig, logger: Logger, log: Log, onFatal: (reason: string) => void): Socket {
  const receiver = createReceiver(config, logger, log);
  const { client } = receiver;
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    let failures = 0;
    const opened = (): void => {
      failures = 0;
      first.resolve();
    };
    while (!stopping.signal.aborted) {
      try {
        await serve(client, opened);
      } catch (error) {
        const reason = slackError(error);
        if (FATAL.has(reason)) {
          first.reject(new TerminalError('SlackAppToken', `Slack: ${reason}. SLACK_APP_TOKEN is not accepted.`));
          return onFatal(reason);
        }
        failures += 1;
        log.warn('a socket could not be opened and is tried again', { reason, failures });
      }
      await delay(reconnectDelayMs(failures), undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  return {
    receiver,
    start() {
      running ??= run();
      return first.promise;
    },
    isConnected: () => client.websocket?.isActive() === true,
    async stop() {
      stopping.abort();
      first.resolve();
      const closed = async (): Promise<void> => {
        await client.disconnect();
        await running;
      };
      await within(CLOSE_MS, 'disconnect', closed()).catch(() => log.warn('a socket did not close in time'));
    },
  };
}
