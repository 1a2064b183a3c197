/** A real HTTP server that answers as a test scripts it, and a kubeconfig that leads to it. */
import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connect } from '#clients/kubernetes/api-server.ts';
import { worldClock } from '#playground/clock.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Script {
  /** One answer per request, in order; the last one stays. */
  answers: Answer[];
  requests: { method: string; url: URL; authorization: string | undefined }[];
  clock: ReturnType<typeof worldClock>;
  tokenFile: string;
  /** A new connection, closed after the tests. */
  connect(): Connection;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const refused = (status: number, reason = '', headers: Record<string, string> = {}): Answer =>
  json(status, { kind: 'Status', status: 'Failure', reason, message: reason, code: status }, headers);

/** A watch: these lines, then the end, or silence. */
export const watching =
  (lines: readonly object[], end: 'ends' | 'stays' | 'breaks' = 'ends'): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    if (end === 'ends') response.end();
    if (end === 'breaks') setImmediate(() => response.destroy());
  };

/** To be called at the top of a test file. */
export function useScript(): Script {
  const connections: Connection[] = [];
  let folder = '';
  const script: Script = {
    answers: [],
    requests: [],
    clock: worldClock({ unref: true }),
    tokenFile: '',
    connect() {
      const connection = connect({ kubeconfigPath: join(folder, 'kubeconfig'), clock: script.clock });
      connections.push(connection);
      return connection;
    },
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    script.requests.push({ method: request.method ?? '', url, authorization: request.headers.authorization });
    const answer = script.answers.length > 1 ? script.answers.shift() : script.answers[0];
    request.resume();
    answer?.(request, response);
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    script.tokenFile = join(folder, 'token');
    await writeFile(script.tokenFile, 'first-token');
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const cluster = {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      'insecure-skip-tls-verify': true,
    };
    const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile: script.tokenFile } } };
    const config = {
      'current-context': 'c',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    await writeFile(join(folder, 'kubeconfig'), JSON.stringify(config));
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return script;
}
