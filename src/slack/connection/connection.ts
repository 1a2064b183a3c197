/**
 * One WebSocket of Socket Mode, from hello to its end. The SDK closes a socket as soon as Slack announces that it must go, and only then
 * would open another one; here the announcement is kept from it, and told on, so that the next one can be opened first.
 */
import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '#rollback/ports.ts';
import { LateError, within } from '../deadline.ts';
import { receiverOptions, type SlackConfig } from './clients.ts';

export interface Connection {
  isActive(): boolean;
  /** Resolves when Slack has said that it must go, or will soon; it may still carry envelopes and acknowledgements. */
  readonly leaving: Promise<void>;
  /** Resolves when it is gone, whoever closed it. */
  readonly closed: Promise<void>;
  /** Slack does not always close its side, so at most 3 s. Never rejects. */
  close(): Promise<void>;
}

export interface ConnectionParts {
  config: SlackConfig;
  /** Handles the envelopes. */
  app: App;
  logger: Logger;
  log: Log;
}

const HELLO_MS = 20_000;
const CLOSE_MS = 3000;

const Disconnect = z.object({ type: z.literal('disconnect') });

function isDisconnect(text: unknown): boolean {
  if (typeof text !== 'string' || !text.includes('"disconnect"')) return false;
  try {
    return Disconnect.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

type Client = SocketModeReceiver['client'];

/** Hands every message to the SDK but, once `isOpen`, those that tell the socket to go: of these `told` hears. */
function intercept(client: Client, isOpen: () => boolean, told: () => void): void {
  const original = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (text: unknown, isBinary: unknown) => {
    if (isOpen() && isDisconnect(text)) return told();
    for (const listener of original) (listener as (...words: unknown[]) => void).call(client, text, isBinary);
  });
}

function createReceiver({ config, app, logger, log }: ConnectionParts): SocketModeReceiver {
  const { appToken, clientPingTimeout } = config;
  const receiver = new SocketModeReceiver({
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
  receiver.init(app);
  return receiver;
}

/** Resolves with Slack's hello. Rejects when none came in time or before the abort, or with what `apps.connections.open` answered. */
export async function openConnection(parts: ConnectionParts, signal: AbortSignal): Promise<Connection> {
  const { client } = createReceiver(parts);
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
  const { promise: leaving, resolve: onLeaving } = Promise.withResolvers<void>();
  let isOpen = false;
  intercept(client, () => isOpen, onLeaving);
  client.once('connected', () => (isOpen = true));
  client.once('disconnected', onClosed);
  const giveUp = (): void => void client.disconnect();
  signal.addEventListener('abort', giveUp);
  try {
    await within(HELLO_MS, 'hello', client.start());
  } catch (error) {
    // Without a hello the socket serves nobody, and would go on eating envelopes.
    if (error instanceof LateError) giveUp();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
  return {
    leaving,
    closed,
    isActive: () => client.websocket?.isActive() === true,
    async close() {
      const closing = within(CLOSE_MS, 'disconnect', client.disconnect());
      await closing.catch(() => parts.log.warn('a socket did not close in time'));
      onClosed();
    },
  };
}
