/** The other end of requests.ts: one request at a time, over connections that stay open. */
import * as http from 'node:http';
import * as https from 'node:https';
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Answered, Wanted } from './requests.ts';

const { port, ca } = workerData as { port: MessagePort; ca: string };
const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true, ca }) };

function send({ method, url, headers = {}, body }: Wanted): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const { protocol } = new URL(url);
  const request = (protocol === 'https:' ? https : http).request(url, {
    method,
    agent: agents[protocol as keyof typeof agents],
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
  });
  request.on('error', reject);
  request.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
  });
  request.end(body);
  return promise;
}

port.on('message', (wanted: Wanted & { done: Int32Array }) => {
  const finish = (answer: Answered | { failure: string }): void => {
    port.postMessage(answer);
    Atomics.store(wanted.done, 0, 1);
    Atomics.notify(wanted.done, 0);
  };
  send(wanted).then(finish, (error: unknown) => finish({ failure: String(error) }));
});
