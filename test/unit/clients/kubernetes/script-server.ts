/** A real HTTP server that answers as a test scripts it, and a kubeconfig that leads to it. */
import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connect } from '#clients/kubernetes/api-server.ts';
import type { Clock } from '#rollback/ports.ts';
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
  /** A new one by a kubeconfig of its own, written into `folder`, whose user is this. */
  connectAs(user: object, clock?: Clock): Promise<Connection>;
  folder: string;
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
  let server = '';
  const kubeconfigOf = (user: object): string =>
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    });
  const script: Script = {
    answers: [],
    requests: [],
    clock: worldClock({ unref: true }),
    tokenFile: '',
    connect() {
      const connection = connect({ kubeconfigPath: join(script.folder, 'kubeconfig'), clock: script.clock });
      connections.push(connection);
      return connection;
    },
    async connectAs(user, clock = script.clock) {
      const kubeconfigPath = join(script.folder, 'kubeconfig-of-another');
      await writeFile(kubeconfigPath, kubeconfigOf(user));
      const connection = connect({ kubeconfigPath, clock });
      connections.push(connection);
      return connection;
    },
    folder: '',
  };
  const listener = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    script.requests.push({ method: request.method ?? '', url, authorization: request.headers.authorization });
    const answer = script.answers.length > 1 ? script.answers.shift() : script.answers[0];
    request.resume();
    answer?.(request, response);
  });
  beforeAll(async () => {
    const folder = (script.folder = await mkdtemp(join(tmpdir(), 'kubeconfig-')));
    script.tokenFile = join(folder, 'token');
    await writeFile(script.tokenFile, 'first-token');
    await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
    server = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile: script.tokenFile } } };
    await writeFile(join(folder, 'kubeconfig'), kubeconfigOf(user));
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    listener.closeAllConnections();
    await new Promise((resolve) => void listener.close(resolve));
    await rm(script.folder, { recursive: true });
  });
  return script;
}
