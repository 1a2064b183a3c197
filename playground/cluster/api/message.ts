/**
 * What the API server takes and gives, without a network: a request becomes an answer, or a stream that is fed as things happen.
 * HTTPS (https/listener.ts) is a skin over it, and a test may call it directly.
 */

export interface ApiRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string | undefined>;
  body: Buffer;
}

/** Where a stream writes; `end` closes it from the server's side. */
export interface Sink {
  write(chunk: string): void;
  end(): void;
  /** Where given, it takes each event of a watch in place of its line; the object may not be changed. */
  event?(type: string, object: object): void;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
  /** What a JSON body says, for who needs no text; it may not be changed. */
  value?: unknown;
}

export interface ApiStream {
  status: number;
  headers: Record<string, string | string[]>;
  /** Begins to write into the sink; returns what to call when the reader has gone. */
  start(sink: Sink): () => void;
}

export type ApiResponse = ApiAnswer | ApiStream;

export function isStream(response: ApiResponse): response is ApiStream {
  return 'start' in response;
}

export function jsonAnswer(status: number, value: unknown, headers: ApiAnswer['headers'] = {}): ApiAnswer {
  let text: string | undefined;
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    get body() {
      return (text ??= `${JSON.stringify(value)}\n`);
    },
    value,
  };
}

export function textAnswer(status: number, body: string): ApiAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
