/**
 * The emulated Slack on one HTTP server: Web API (`/api/*`), Socket Mode (`/socket`), uploads and files, response_urls, people's
 * clients (`/client/*`), and whatever else is mounted (the page, the world). It is a skin: all that Slack does is in the core. It binds
 * the loopback address unless told otherwise, and knows no bot and no cluster.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KnownBlock } from '@slack/types';
import type { WorldClock } from '../clock.ts';
import type { CallHistory } from './call-history.ts';
import type { MessageView } from './client-protocol.ts';
import { createCore } from './core.ts';
import type { Core, Patience } from './core.ts';
import type { Faults } from './faults.ts';
import { sendJson } from './http/bodies.ts';
import { apiRoute, clientRoute, fileRoute, responseRoute, uploadRoute } from './http/routes.ts';
import type { Route } from './http/routes.ts';
import { serveSockets } from './http/socket-skin.ts';
import { checkContent } from './methods/chat.ts';
import { messageView } from './people/client-view.ts';
import type { Manifest } from './manifest.ts';
import { Person } from './people/person.ts';
import { lomashWood } from './seed.ts';
import { appToken, botToken } from './tokens.ts';
import { WebApi } from './web-api.ts';
import type { Seed, Workspace } from './workspace.ts';

interface SlackOptions {
  clock: WorldClock;
  manifest: Manifest;
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  /** Default: the Lomash Wood workspace. */
  seedWorkspace?: Seed;
  patience?: Patience;
}

export interface EmulatedSlack {
  /** "http://127.0.0.1:4000", no slash at the end. */
  url: string;
  /** For `clientOptions.slackApiUrl` and SLACK_API_URL. */
  apiUrl: string;
  tokens: { bot: string; app: string };
  core: Core;
  workspace: Workspace;
  faults: Faults;
  /** The newest Web API calls. */
  calls: CallHistory;
  /** A person at their client, without a browser. The same person each time. */
  person(userId: string): Person;
  /** Serves more on the same server: requests whose path begins with the prefix; the longest prefix wins. "/" takes all the rest. */
  mount(prefix: string, handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** Somebody else's app or pipeline posts: an alert, a deploy notice. Blocks are checked as the Web API does. */
  post(message: { user: string; channel: string; text: string; blocks?: KnownBlock[]; threadTs?: string }): MessageView;
  /** Everything as in the beginning: messages, views, people. Faults and sockets stay as they are. */
  reset(): void;
  /** Tells clients that the clock was moved. */
  clockMoved(): void;
  stop(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

const byRoute =
  (prefix: string, route: Route): Handler =>
  (request, response, url) =>
    route({ request, response, url, rest: decodeURIComponent(url.pathname.slice(prefix.length)) });

function ownRoutes(core: Core): Map<string, Handler> {
  const routes: Record<string, Route> = {
    '/api/': apiRoute(new WebApi(core)),
    '/response/': responseRoute(core),
    '/upload/': uploadRoute(core),
    '/files/': fileRoute(core),
    '/client/': clientRoute(core),
  };
  return new Map(Object.entries(routes).map(([prefix, route]) => [prefix, byRoute(prefix, route)]));
}

/** Hands a request to the longest matching prefix. What goes wrong in a handler is answered as 500, never as silence. */
async function dispatch(
  handlers: Map<string, Handler>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const prefixes = [...handlers.keys()].filter((prefix) => url.pathname.startsWith(prefix));
  const longest = prefixes.toSorted((a, b) => b.length - a.length)[0];
  const handler = longest === undefined ? undefined : handlers.get(longest);
  try {
    if (handler) await handler(request, response, url);
    else sendJson(response, 404, { ok: false, error: 'not_found' });
  } catch (error) {
    process.stdout.write(`emulated Slack: ${url.pathname}: ${String(error)}\n`);
    if (!response.headersSent) sendJson(response, 500, { ok: false, error: 'internal_error' });
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  return (server.address() as AddressInfo).port;
}

/** Starts the emulated Slack. Rejects when the port is taken. */
export async function startSlack(options: SlackOptions): Promise<EmulatedSlack> {
  const { clock, manifest, port = 0, host = '127.0.0.1', seedWorkspace = lomashWood, patience } = options;
  const core = createCore({ clock, manifest, seed: seedWorkspace, ...(patience ? { patience } : {}) });
  const handlers = ownRoutes(core);
  // Node's 5 s would now and then end an idle connection just as it is used again.
  const keepAliveTimeout = 90_000;
  const server = createServer({ keepAliveTimeout }, (request, response) => void dispatch(handlers, request, response));
  const endSockets = serveSockets(server, core.sockets);
  const url = `http://${host}:${await listen(server, port, host)}`;
  core.address.url = url;
  const persons = new Map<string, Person>();

  return {
    url,
    apiUrl: `${url}/api/`,
    tokens: { bot: botToken, app: appToken },
    core,
    workspace: core.workspace,
    faults: core.faults,
    calls: core.calls,
    person(userId) {
      const known = persons.get(userId) ?? new Person(core, userId);
      persons.set(userId, known);
      return known;
    },
    mount: (prefix, handler) => void handlers.set(prefix, handler),
    post(message) {
      checkContent(message);
      return messageView(core, core.workspace.messages.post(message));
    },
    reset: () => core.workspace.reset(),
    clockMoved: () => core.workspace.changes.tell({ type: 'clock', now: clock.now() }),
    async stop() {
      core.sockets.stop();
      endSockets();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
