/** Requests against the API as a function, in process: a path, a body, an answer. */
import { worldClock } from '#playground/clock.ts';
import { createApi, type Api } from '#playground/cluster/api/api.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import { createStorage, type ClusterStorage } from '#playground/cluster/storage.ts';
import type { PodLogs } from '#playground/cluster/api/call.ts';

export const ADMIN = 'admin-token';
export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

export interface Answer {
  code: number;
  headers: Record<string, string | string[]>;
  text: string;
  body: any;
}

export interface Options {
  type?: string;
  accept?: string;
  token?: string | null;
  headers?: Record<string, string>;
}

export interface Client {
  api: Api;
  storage: ClusterStorage;
  clock: ReturnType<typeof worldClock>;
  send: (method: string, url: string, body?: unknown, options?: Options) => Answer;
  get: (url: string, options?: Options) => Answer;
  post: (url: string, body: unknown, options?: Options) => Answer;
  put: (url: string, body: unknown, options?: Options) => Answer;
  patch: (url: string, body: unknown, type: string, options?: Options) => Answer;
  delete: (url: string, body?: unknown) => Answer;
  /** Lines of a stream as they come, parsed; `stop` is the reader going away. */
  watch: (url: string, options?: Options) => { events: any[]; isEnded(): boolean; stop(): void };
}

export function startApi({ podLogs, historyLength }: { podLogs?: PodLogs; historyLength?: number } = {}): Client {
  const clock = worldClock({ unref: true });
  const storage = createStorage(clock, undefined, historyLength === undefined ? {} : { historyLength });
  const api = createApi({
    storage,
    clock,
    tokens: {
      [ADMIN]: { username: 'admin', groups: ['system:masters'] },
      'maya-token': { username: 'maya', groups: ['oncall'] },
    },
    podLogs: () => podLogs,
  });

  function request(method: string, url: string, body: unknown, options: Options): ReturnType<Api['handle']> {
    const { pathname, searchParams } = new URL(url, 'https://cluster');
    const { token = ADMIN, type = 'application/json', accept, headers } = options;
    return api.handle({
      method,
      path: pathname,
      query: searchParams,
      headers: {
        'user-agent': 'test/1',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': type }),
        ...(accept !== undefined && { accept }),
        ...headers,
      },
      body: body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    });
  }

  function send(method: string, url: string, body?: unknown, options: Options = {}): Answer {
    const response = request(method, url, body, options);
    if (isStream(response)) throw new Error(`${url} answered a stream`);
    const text = response.body.toString();
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return { code: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  const client: Client = {
    api,
    storage,
    clock,
    send,
    get: (url, options) => send('GET', url, undefined, options),
    post: (url, body, options) => send('POST', url, body, options),
    put: (url, body, options) => send('PUT', url, body, options),
    patch: (url, body, type, options) => send('PATCH', url, body, { ...options, type }),
    delete: (url, body) => send('DELETE', url, body),
    watch(url, options = {}) {
      const response = request('GET', url, undefined, options);
      if (!isStream(response)) throw new Error(`${url} answered ${response.status} ${response.body.toString()}`);
      const events: any[] = [];
      let isEnded = false;
      const stop = response.start({
        write: (chunk) =>
          events.push(
            ...chunk
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line)),
          ),
        end: () => (isEnded = true),
      });
      return { events, isEnded: () => isEnded, stop };
    },
  };
  client.post('/api/v1/namespaces', { metadata: { name: 'shop' } });
  return client;
}

export const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
export const CONFIG_MAPS = '/api/v1/namespaces/shop/configmaps';

export function deployment(name = 'web', image = 'example/web:v1'): any {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            { name: 'web', image },
            { name: 'side', image: 'example/side' },
          ],
        },
      },
    },
  };
}

export const configMap = (name: string, labels: Record<string, string> = {}, content: object = {}): object => ({
  metadata: { name, labels },
  ['data']: content,
});
