/**
 * GET of an address that the installer wrote down, and nothing more: no redirect is followed, no body is kept, every call ends in time.
 * Addresses are resolved here and refused when they point at the host itself or at link-local ground (cloud metadata), so that a name
 * cannot be turned against the bot. Answers are values; only the caller's own abort is thrown.
 */
import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { guardedLookup, isForbidden } from './forbidden-address.ts';

export type HttpAnswer =
  /** Somebody answered, whatever they said. */
  | { kind: 'answered'; status: number; durationMs: number }
  /** The connection stood, the answer did not come in time or broke off: the other side's trouble. */
  | { kind: 'silent'; why: string }
  /** No connection: a name, a route, a certificate. It says nothing about the service. */
  | { kind: 'not-reached'; why: string };

export interface HttpReader {
  get(url: string, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface HttpReaderOptions {
  /** For the whole call. */
  timeoutMs?: number;
  /** More of a body than this is not read. */
  maxBytes?: number;
}

const NOT_REACHED: Record<string, string> = {
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name lookup failed',
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route',
  ENETUNREACH: 'no route',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ERR_FORBIDDEN_ADDRESS: 'address not allowed',
  ERR_INVALID_URL: 'not an address',
};

interface Failure {
  code?: string;
  name?: string;
  cause?: Failure;
  errors?: Failure[];
}

function answerFor(error: unknown, timeoutMs: number): HttpAnswer {
  const failure = error as Failure;
  const code = failure.code ?? failure.cause?.code ?? failure.errors?.[0]?.code ?? '';
  const reached = NOT_REACHED[code];
  if (reached !== undefined) return { kind: 'not-reached', why: reached };
  const isCertificate = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code);
  if (isCertificate) return { kind: 'not-reached', why: 'certificate not accepted' };
  const isLate = failure.name === 'TimeoutError' || /HEADERS_TIMEOUT|BODY_TIMEOUT/.test(code);
  return { kind: 'silent', why: isLate ? `no answer within ${timeoutMs / 1000} s` : 'connection closed' };
}

/** Default: 2 s for a call, 64 KiB of a body. */
export function createHttpReader({ timeoutMs = 2_000, maxBytes = 64 * 1024 }: HttpReaderOptions = {}): HttpReader {
  const agent = new Agent({
    connect: { timeout: Math.ceil(timeoutMs * 0.75), lookup: guardedLookup },
    connections: 16,
    keepAliveTimeout: 1_000,
  });

  async function get(url: string, signal: AbortSignal): Promise<HttpAnswer> {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      // A literal address is never looked up, so it is checked here. Loopback may be written down on purpose.
      const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && isForbidden(host, { loopback: 'allowed' })) {
        return { kind: 'not-reached', why: 'address not allowed' };
      }
      const response = await request(url, {
        dispatcher: agent,
        signal: bounded,
        headers: { accept: 'application/json, */*;q=0.5', 'user-agent': 'rollback-bot' },
      });
      const durationMs = Math.round(performance.now() - startedAt);
      await response.body.dump({ limit: maxBytes, signal: bounded });
      return { kind: 'answered', status: response.statusCode, durationMs };
    } catch (error) {
      signal.throwIfAborted();
      return answerFor(error, timeoutMs);
    }
  }

  return { get, close: () => agent.close() };
}
