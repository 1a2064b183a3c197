/**
 * The HTTP endpoints behind the services: one local server, one base URL for each environment, the catalogue's health paths below it.
 * Answers follow the pods that run; they are JSON and carry the version. With no gateway pod ready the connection is closed without an
 * answer. It knows neither Slack nor the bot.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { WorldClock } from '../clock.ts';
import type { Answer, Traffic } from './traffic.ts';

export interface ServiceEndpoints {
  port: number;
  /** `http://127.0.0.1:<port>/<environment>`: what the catalogue calls baseUrl. */
  baseUrl(environment: string): string;
  stop(): Promise<void>;
}

export interface ServiceEndpointsOptions {
  traffic: Traffic;
  catalogue: Catalogue;
  clock: WorldClock;
  /** 0: any free one. */
  port?: number;
}

const statusWords: Record<number, string> = { 200: 'ok', 500: 'error', 502: 'bad gateway', 503: 'unavailable' };

/** `/v1/auth/login` belongs to whose health path is `/v1/auth/health`; what nobody claims goes to the gateway. */
export function serviceOfPath(catalogue: Catalogue, path: string): string | undefined {
  const entries = Object.entries(catalogue.services);
  const exact = entries.find(([, { healthPath }]) => healthPath === path);
  if (exact) return exact[0];
  const owner = entries.find(([, { healthPath = '' }]) => {
    const prefix = healthPath.replace(/health$/, '');
    return prefix.length > 1 && `${path}/`.startsWith(prefix);
  });
  return (owner ?? entries.find(([, { gateway }]) => gateway))?.[0];
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.status === 'no answer') {
    response.socket?.destroy();
    return;
  }
  const { status, service, version, pod } = answer;
  const body = { status: statusWords[status] ?? 'error', service, ...(version && { version }), ...(pod && { pod }) };
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

function route(request: IncomingMessage): { environment: string; path: string } {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [, environment = '', ...rest] = pathname.split('/');
  return { environment, path: `/${rest.join('/')}` };
}

/** Listens on 127.0.0.1 only. Slow answers wait on the world's clock. */
export async function startServiceEndpoints(options: ServiceEndpointsOptions): Promise<ServiceEndpoints> {
  const { traffic, catalogue, clock, port = 0 } = options;
  const waiting = new Set<() => void>();

  function handle(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { environment, path } = route(request);
    const service = serviceOfPath(catalogue, path);
    if (!catalogue.environments[environment] || service === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"status":"not found"}\n');
      return;
    }
    const answer = traffic.request(environment, service);
    const cancel = clock.after(answer.latencyMs, () => {
      waiting.delete(cancel);
      if (!response.destroyed) send(response, answer);
    });
    waiting.add(cancel);
    response.once('close', () => {
      cancel();
      waiting.delete(cancel);
    });
  }

  // Node's 5 s would now and then end an idle connection just as it is used again.
  const server = createServer({ keepAliveTimeout: 90_000 }, handle);
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject).listen(port, '127.0.0.1', listening.resolve);
  await listening.promise;
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    baseUrl: (environment) => `http://127.0.0.1:${bound}/${environment}`,
    async stop() {
      for (const cancel of waiting) cancel();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
