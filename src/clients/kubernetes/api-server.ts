/**
 * The one connection to an API server: raw JSON over a shared pool. It may assume nothing about what is stored; it never logs, and its
 * errors hold no header and no body. Every call has a timeout besides the caller's signal. Only GETs are repeated: what a lost reply to a
 * write means is for the caller to find out.
 */
import { type Api, ApiError, ApiUnreachable, type JsonPatch, type RequestOptions, type WatchEvent } from './api.ts';
import type { Clock } from './clock.ts';
import { Credentials } from './kubeconfig.ts';
import { exchange, type Request, stream } from './transport.ts';

const DEFAULT_TIMEOUT_MS = 4_000;
const GET_TRIES = 3;
const RETRY_MS = 100;

export interface ConnectOptions {
  /** Absent: the pod's service account. */
  kubeconfigPath?: string | undefined;
  /** Absent: the kubeconfig's current context. */
  context?: string | undefined;
  clock: Clock;
}

/** `close` ends the pool: watches break, later calls fail. */
export interface Connection extends Api {
  close(): Promise<void>;
}

/** How requests travel; rejects as transport.ts does. One without a wire may give what a text would say in place of the text. */
export interface Transport {
  exchange(r: Request, bounds: { signal: AbortSignal; caller: AbortSignal }): Promise<string | object>;
  stream(path: string, signal: AbortSignal): AsyncIterable<string | WatchEvent>;
}

const said = (text: string | object): unknown => (typeof text === 'string' ? JSON.parse(text) : text);
const worded = (text: string | object): string => (typeof text === 'string' ? text : JSON.stringify(text));

/** Opens no connection yet. Throws KubeconfigError when the configuration cannot be used. */
export function connect({ kubeconfigPath, context, clock }: ConnectOptions): Connection {
  const credentials = new Credentials(kubeconfigPath, context, clock);
  const transport: Transport = {
    exchange: (r, bounds) => exchange(credentials, r, bounds),
    stream: (path, signal) => stream(credentials, path, signal),
  };
  return { ...createApi(transport, clock), close: () => credentials.close() };
}

/** An API server over any transport: time limits and repeated reads are here. */
export function createApi(transport: Transport, clock: Clock): Api {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  async function call(
    r: Request,
    { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: RequestOptions,
  ): Promise<string | object> {
    signal.throwIfAborted();
    const endsAt = clock.monotonic() + timeoutMs;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(timeoutMs))]);
    for (let tries = 1; ; tries++) {
      try {
        const answer = await transport.exchange(r, { signal: bounded, caller: signal });
        tell();
        return answer;
      } catch (error) {
        const delayMs = retryDelayMs(error, tries);
        if (r.method !== 'GET' || delayMs === undefined || clock.monotonic() + delayMs >= endsAt) throw error;
        await clock.sleep(delayMs, signal);
      }
    }
  }

  async function* watch(path: string, query: Record<string, string>, signal: AbortSignal): AsyncIterable<WatchEvent> {
    const full = `${path}?${new URLSearchParams({ ...query, watch: 'true' }).toString()}`;
    for await (const line of transport.stream(full, signal)) yield said(line) as WatchEvent;
  }

  const json = async <T>(r: Request, o: RequestOptions): Promise<T> => said(await call(r, o)) as T;
  return {
    get: <T>(path: string, o: RequestOptions) => json<T>({ method: 'GET', path }, o),
    text: async (path, o) => worded(await call({ method: 'GET', path }, o)),
    create: <T>(path: string, body: unknown, o: RequestOptions) => json<T>(write('POST', path, body), o),
    update: <T>(path: string, body: unknown, o: RequestOptions) => json<T>(write('PUT', path, body), o),
    jsonPatch: <T>(path: string, patch: JsonPatch, o: RequestOptions) =>
      json<T>(write('PATCH', path, patch, 'application/json-patch+json'), o),
    mergePatch: <T>(path: string, patch: unknown, o: RequestOptions) =>
      json<T>(write('PATCH', path, patch, 'application/merge-patch+json'), o),
    delete: async (path, { uid, resourceVersion, ...o }) => {
      const preconditions = {
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      };
      await call(write('DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', preconditions }), o);
    },
    watch,
    onAnswer(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function write(method: Request['method'], path: string, body: unknown, contentType = 'application/json'): Request {
  return { method, path, body: JSON.stringify(body), contentType };
}

/** undefined: no more tries. */
function retryDelayMs(error: unknown, tries: number): number | undefined {
  if (tries >= GET_TRIES) return undefined;
  if (error instanceof ApiUnreachable && error.isBroken) return RETRY_MS * 2 ** (tries - 1);
  if (!(error instanceof ApiError)) return undefined;
  if (error.status !== 429 && error.status < 500) return undefined;
  return error.retryAfterSeconds === undefined ? RETRY_MS * 2 ** (tries - 1) : error.retryAfterSeconds * 1_000;
}
