/**
 * Two sockets on one App: while Slack refreshes one (it is gone for seconds), the other one serves. A socket that is lost comes back by
 * itself; only a token that Slack rejects is given up, loudly.
 */
import { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import { receiverOptions, slackError, type SlackConfig } from './clients.ts';
import { within } from '../deadline.ts';
import type { Log } from '#rollback/ports.ts';

export interface Socket {
  receiver: SocketModeReceiver;
  /** Rejects when Slack rejects the token. */
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
]);
const RETRY_MS = 5000;

/** The SDK leaves the promise of a reconnect without a catch: a rejection there would end the process. */
function neverReject(receiver: SocketModeReceiver, log: Log, onFatal: (reason: string) => void): { stop: () => void } {
  const { client } = receiver;
  const connect = client.start.bind(client);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  client.start = async () => {
    try {
      return await connect();
    } catch (error) {
      const reason = slackError(error);
      log.error('socket could not be opened', { reason });
      if (FATAL.has(reason)) onFatal(reason);
      else if (!stopped) timer = setTimeout(() => void client.start(), RETRY_MS);
      return { ok: false };
    }
  };
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

export function createSocket(config: SlackConfig, logger: Logger, log: Log, onFatal: (reason: string) => void): Socket {
  const { appToken, clientPingTimeout } = config;
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    ...(clientPingTimeout === undefined ? {} : { clientPingTimeout }),
    installerOptions: { clientOptions: receiverOptions(config) },
    processEventErrorHandler: ({ error }) => {
      log.error('an envelope could not be handled', { error: String(error) });
      return Promise.resolve(false);
    },
  });
  const { client } = receiver;
  let connected = false;
  client.on('connected', () => (connected = true));
  for (const state of ['close', 'disconnecting', 'disconnected', 'reconnecting'])
    client.on(state, () => (connected = false));
  const guard = neverReject(receiver, log, onFatal);
  return {
    receiver,
    async start() {
      await receiver.start();
    },
    isConnected: () => connected && client.websocket?.isActive() === true,
    async stop() {
      guard.stop();
      await within(3000, 'disconnect', client.disconnect()).catch(() => log.warn('socket did not close in time'));
    },
  };
}
