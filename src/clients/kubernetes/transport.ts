/**
 * HTTP to one API server: sends a request with the current credentials over the shared pool, and turns what comes back, or does not, into
 * text, lines, ApiError or ApiUnreachable. It repeats nothing but what a 401 refused for an outdated token.
 */
import { type Dispatcher, request } from 'undici';
import { apiError, operationOf, unreachable } from './answer.ts';
import { ApiError } from './api.ts';
import type { Credentials } from './kubeconfig.ts';

/** A watch that has not begun to answer by then never will. */
const WATCH_OPENS_MS = 15_000;
/**
 * A watch that is alive is never silent for long: the API server's watch cache sends a bookmark every minute (`defaultBookmarkFrequency` of its
 * cacher), and one before the watch ends. Two periods without a byte, so that one late bookmark is forgiven, is a hung connection.
 */
const WATCH_SILENCE_MS = 120_000;
/** The server ends a watch when its time is over; this much later it has not, and will not. */
const OVERTIME_MS = 5_000;

export interface Request {
  method: Dispatcher.HttpMethod;
  path: string;
  body?: string;
  contentType?: string;
}

async function send(credentials: Credentials, r: Request, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  for (let hasRetried = false; ; hasRetried = true) {
    const { server, dispatcher, headers } = await orAborted(credentials.current(), signal);
    const response = await request(server + r.path, {
      method: r.method,
      dispatcher,
      signal,
      headers: {
        ...headers,
        accept: 'application/json, */*;q=0.5',
        'user-agent': 'rollback-bot',
        ...(r.body === undefined ? {} : { 'content-type': r.contentType ?? 'application/json' }),
      },
      ...(r.body === undefined ? {} : { body: r.body }),
    });
    if (response.statusCode !== 401 || hasRetried) return response;
    await response.body.dump();
    credentials.forget();
  }
}

/** An exec plugin that hangs holds up no request for longer than its own time. */
async function orAborted<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([asked, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function accepted(operation: string, response: Dispatcher.ResponseData): Promise<Dispatcher.ResponseData> {
  if (response.statusCode < 300) return response;
  const retryAfter = response.headers['retry-after'];
  const seconds = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
  throw apiError(operation, response.statusCode, await response.body.text(), seconds);
}

/** One request, one answer. `signal` bounds it; when the caller's own signal is aborted its reason is thrown. */
export async function exchange(
  credentials: Credentials,
  r: Request,
  { signal, caller }: { signal: AbortSignal; caller: AbortSignal },
): Promise<string> {
  const operation = operationOf(r.method, r.path);
  try {
    const response = await accepted(operation, await send(credentials, r, signal));
    return await response.body.text();
  } catch (error) {
    caller.throwIfAborted();
    throw error instanceof ApiError ? error : unreachable(operation, error);
  }
}

/** The lines of an answer that goes on, as they come. Silence for too long is ApiUnreachable. */
export async function* stream(credentials: Credentials, path: string, signal: AbortSignal): AsyncIterable<string> {
  const operation = operationOf('GET', path).replace('list', 'watch');
  const silence = new Watchdog(WATCH_OPENS_MS);
  try {
    const bounded = AbortSignal.any([signal, silence.signal]);
    const response = await accepted(operation, await send(credentials, { method: 'GET', path }, bounded));
    // The answer has begun: a quiet collection says nothing before its first bookmark.
    const silenceMs = longestSilenceMs(path);
    silence.expectWithin(silenceMs);
    yield* lines(response.body, () => silence.expectWithin(silenceMs));
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ApiError ? error : unreachable(operation, error);
  } finally {
    silence.stop();
  }
}

/** Of a watch under this path and query. */
function longestSilenceMs(path: string): number {
  const seconds = new URLSearchParams(path.split('?')[1]).get('timeoutSeconds');
  return seconds === null ? WATCH_SILENCE_MS : Math.min(WATCH_SILENCE_MS, Number(seconds) * 1000 + OVERTIME_MS);
}

/** Aborts its signal when nothing was heard for too long. */
class Watchdog {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.expectWithin(ms);
  }

  expectWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(new DOMException('silent', 'TimeoutError')), ms);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** Splits a stream into lines; a last line without an end is not one. */
async function* lines(body: AsyncIterable<Buffer>, onChunk: () => void): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    onChunk();
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part !== '') yield part;
  }
}
