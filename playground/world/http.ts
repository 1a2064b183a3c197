/**
 * The world panel's server: one stream of what the world looks like, at most four pictures a second, and one POST for each wish. It holds
 * no state of the world; `look` and `change` are the world's. It never speaks to Slack.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { WorldAction, WorldView } from '../world-protocol.ts';
import { readAction } from './actions.ts';

export interface WorldSource {
  look(): WorldView;
  /** Rejects with an error whose message may be shown. */
  change(action: WorldAction): Promise<void>;
}

export interface WorldHttp {
  /** Resolves to false when the path is not the world's. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Something changed: sends a picture soon. */
  changed(): void;
  /** Ends every stream. */
  close(): void;
}

const pictureMs = 250;
/** Without any event a proxy or a sleeping laptop would end the stream. */
const keepAliveMs = 20_000;

export function createWorldHttp(source: WorldSource): WorldHttp {
  const streams = new Set<ServerResponse>();
  let waiting: NodeJS.Timeout | undefined;
  let sentAt = 0;
  let sent = '';

  const event = (picture: string): string => `event: world\ndata: ${picture}\n\n`;

  function send(): void {
    waiting = undefined;
    const picture = JSON.stringify(source.look());
    if (picture === sent) return;
    sent = picture;
    sentAt = performance.now();
    for (const stream of streams) stream.write(event(picture));
  }

  function changed(): void {
    waiting ??= setTimeout(send, Math.max(0, pictureMs - (performance.now() - sentAt))).unref();
  }

  const keepAlive = setInterval(() => {
    for (const stream of streams) stream.write(': still here\n\n');
  }, keepAliveMs).unref();

  function open(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: 500\n${event(JSON.stringify(source.look()))}`);
    streams.add(response);
    request.once('close', () => streams.delete(response));
  }

  async function act(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const action = readAction(name, await json(request).catch(() => undefined));
    if (!action) return answer(400, { error: `The world knows no such wish: ${name}.` });
    try {
      await source.change(action);
      answer(200, { ok: true });
    } catch (error) {
      answer(409, { error: error instanceof Error ? error.message : 'That did not work.' });
    }
    changed();
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname } = new URL(request.url ?? '/', 'http://world');
    if (!pathname.startsWith('/world/')) return false;
    const name = pathname.slice('/world/'.length);
    if (request.method === 'GET' && name === 'events') open(request, response);
    else if (request.method === 'POST') await act(name, request, response);
    else return false;
    return true;
  }

  function close(): void {
    clearTimeout(waiting);
    clearInterval(keepAlive);
    for (const stream of streams) stream.end();
  }

  return { handle, changed, close };
}
