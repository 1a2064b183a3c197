/** Hands a request on to a real API server, with whoever's token it carries, and its answer or stream back. */
import type { IncomingMessage } from 'node:http';
import { Agent, request as open } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ApiRequest, ApiResponse } from '../api/message.ts';

/** They belong to one connection, or to an encoding that is not handed on. */
const NOT_HANDED_ON = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'accept-encoding',
]);

function kept(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !entry[0].startsWith(':') && !NOT_HANDED_ON.has(entry[0]),
    ),
  );
}

function isEndless({ path, query }: ApiRequest): boolean {
  return query.get('watch') === 'true' || (path.endsWith('/log') && query.get('follow') === 'true');
}

function streamed(response: IncomingMessage): ApiResponse {
  return {
    status: response.statusCode ?? 502,
    headers: kept(response.headers),
    start(sink) {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => sink.write(chunk));
      response.on('end', () => sink.end());
      response.on('error', () => sink.end());
      return () => void response.destroy();
    },
  };
}

/** `server`: https URL of the API server; `ca`: what it is checked by. */
export function forwarder(server: string, ca: string): (request: ApiRequest) => Promise<ApiResponse> {
  const agent = new Agent({ keepAlive: true, ca });
  return async (request) => {
    const { method, path, query, headers, body } = request;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const words = query.size > 0 ? `?${query.toString()}` : '';
    const sent = open(`${server}${path}${words}`, {
      method,
      agent,
      headers: { ...kept(headers), ...(body.length > 0 ? { 'content-length': body.length } : {}) },
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
    const response = await promise;
    if (isEndless(request) && response.statusCode === 200) return streamed(response);
    return { status: response.statusCode ?? 502, headers: kept(response.headers), body: await text(response) };
  };
}
