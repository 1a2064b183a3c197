/**
 * The Slack side of a replica: two sockets of different age, one Bolt App, every interaction handed to its handler. It serves as long as it has a socket,
 * leader or not, with the API server up or down; without one it says so and hands out the kubectl line.
 */
import { App, type Receiver } from '@slack/bolt';
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { Clock, Log, Permission, Planner, Rollbacks } from '#rollback/ports.ts';
import { appOptions, createClients, type SlackClients, type SlackConfig } from './connection/clients.ts';
import { LateError, within } from './deadline.ts';
import { createInFlight } from './in-flight.ts';
import { sdkLogger } from './connection/logger.ts';
import { createPeople } from './people/people.ts';
import { createPermission } from './people/permission.ts';
import { createSocket } from './connection/receivers.ts';
import { registerHandlers } from './handlers.ts';
import type { Room } from './room.ts';
import { checkStart } from './connection/start-check.ts';

export interface SlackAppOptions {
  config: SlackConfig;
  ports: { rollbacks: Rollbacks; planner: Planner };
  catalogue: Catalogue;
  log: Log;
  clock: Clock;
}

export interface SlackApp {
  /** Resolves with both sockets open, or after 10 s while they keep trying. Throws TerminalError for a token or scope that is wrong. */
  start(): Promise<void>;
  /** Takes no new work, waits for what is being answered (8 s at most), closes the sockets. */
  stop(): Promise<void>;
  /** At least one socket is open. */
  isReady(): boolean;
  /** Resolves with Slack's word when Slack rejects the app's token for good: the process should end and say so. */
  readonly rejected: Promise<string>;
  clients: SlackClients;
  /** The controller asks the same one again. */
  permission: Permission;
}

const SOCKETS = 2;
/** Far more than opening a connection takes, far less than one lives. */
const STAGGER_MS = 10 * 60_000;
const START_MS = 10_000;
const DRAIN_MS = 8000;

/** Connections come and go; each is attached to the App when it is opened. */
const NO_RECEIVER: Receiver = {
  init: () => undefined,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/** Bolt without its own receiver. `authorize` answers from memory, or every event would cost an auth.test. */
function createBolt(config: SlackConfig, log: Log): App {
  const app = new App({
    receiver: NO_RECEIVER,
    authorize: () => Promise.resolve({ botToken: config.botToken }),
    clientOptions: appOptions(config),
    logger: sdkLogger(log),
    ignoreSelf: true,
  });
  app.error((error) => {
    log.error('an interaction could not be handled', { error: String(error) });
    return Promise.resolve();
  });
  return app;
}

export function createSlackApp({ config, ports, catalogue, log, clock }: SlackAppOptions): SlackApp {
  const logger = sdkLogger(log);
  const clients = createClients(config, logger);
  const people = createPeople(clients.reads, clock);
  const groups = [...new Set(Object.values(catalogue.environments).flatMap((e) => e.mayRollBack.groups))];
  const permission = createPermission(catalogue, people, log);
  const inFlight = createInFlight();
  const room: Room = { ...ports, permission, people, catalogue, slack: clients, clock, log, inFlight };
  const { promise: rejected, resolve: onFatal } = Promise.withResolvers<string>();
  const app = createBolt(config, log);
  registerHandlers(app, room);
  const sockets = Array.from({ length: SOCKETS }, () => createSocket({ config, app, logger, log }, onFatal));

  /** Connections that began together are refreshed by Slack together: the second one is begun anew, once. */
  async function stagger(): Promise<void> {
    for (const socket of sockets.slice(1)) {
      await clock.sleep(STAGGER_MS, inFlight.stopping);
      socket.renew();
    }
  }

  return {
    clients,
    permission,
    rejected,
    isReady: () => sockets.some((socket) => socket.isConnected()),
    async start() {
      await checkStart(clients, log);
      void stagger().catch(() => undefined);
      void people.remember(groups, inFlight.stopping);
      try {
        await within(START_MS, 'sockets', Promise.all(sockets.map((socket) => socket.start())));
      } catch (error) {
        if (!(error instanceof LateError)) throw error;
        log.warn('sockets are not open yet; they keep trying');
      }
    },
    async stop() {
      inFlight.stop();
      await inFlight.drain(DRAIN_MS);
      await Promise.all(sockets.map((socket) => socket.stop()));
    },
  };
}
