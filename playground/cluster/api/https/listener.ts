/** The API over HTTPS, HTTP/1.1 and HTTP/2. It can be taken down and brought up again on the same port, as an outage. */
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from 'node:http2';
import type { ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.ts';
import { isStream, type ApiRequest, type ApiResponse } from '../message.ts';

export interface Listener {
  port: number;
  /** Refuses connections and breaks those that are open. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Ends every open connection; new ones are taken. */
  dropConnections(): void;
}

export type Respond = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

async function readRequest(message: Http2ServerRequest): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = new URL(message.url, 'https://localhost');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: message.method, path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(chunks) };
}

async function serve(respond: Respond, message: Http2ServerRequest, reply: ServerResponse): Promise<void> {
  const request = await readRequest(message);
  const response = await respond(request);
  if (reply.destroyed || reply.writableEnded) return;
  if (!isStream(response)) {
    reply.writeHead(response.status, { ...response.headers, 'content-length': Buffer.byteLength(response.body) });
    reply.end(request.method === 'HEAD' ? '' : response.body);
    return;
  }
  reply.writeHead(response.status, response.headers);
  // Headers go at once, so that the client knows its watch stands before anything happens.
  if (typeof reply.flushHeaders === 'function') reply.flushHeaders();
  const stop = response.start({
    write(chunk) {
      if (!reply.destroyed && !reply.writableEnded) reply.write(chunk);
    },
    end: () => void reply.end(),
  });
  reply.on('close', stop);
}

/** As kube-apiserver keeps an idle connection; Node's 5 s would now and then end one just as it is used again. */
const IDLE_MS = 90_000;

export async function listen(certificate: Certificate, port: number, respond: Respond): Promise<Listener> {
  const sockets = new Set<Socket>();
  let server: Http2SecureServer;
  let bound = port;

  function start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server = createSecureServer({ key: certificate.key, cert: certificate.certificate, allowHTTP1: true });
    Object.assign(server, { keepAliveTimeout: IDLE_MS });
    server.on('request', (message, reply) => {
      // HTTP/2's answers have what is used here of HTTP/1's; only their types differ.
      serve(respond, message, reply as unknown as ServerResponse).catch(() => reply.destroy());
    });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    // A client that breaks off in the middle is no error of ours.
    server.on('sessionError', () => {});
    server.once('error', reject);
    server.listen(bound, '127.0.0.1', () => {
      bound = (server.address() as AddressInfo).port;
      resolve();
    });
    return promise;
  }

  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  await start();
  return {
    get port() {
      return bound;
    },
    async down() {
      if (!server.listening) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      dropConnections();
      await promise;
    },
    async up() {
      if (!server.listening) await start();
    },
    dropConnections,
  };
}
