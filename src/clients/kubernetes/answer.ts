/**
 * What the API server's answers mean: its Status objects become ApiError, a missing answer becomes ApiUnreachable. Pure. Messages made here
 * may be shown to people and logged: they hold no header, no request or response body, and no value that the server quotes back.
 */
import { z } from 'zod';
import { ApiError, ApiUnreachable } from './api.ts';

const Cause = z.object({ reason: z.string().optional(), message: z.string().optional(), field: z.string().optional() });
const Status = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({ causes: z.array(Cause).default([]), retryAfterSeconds: z.number().optional() })
    .partial()
    .optional(),
});

/** Statuses whose message names objects and accounts only. Others (400, 422, 500) may quote values of the object, secrets among them. */
const QUOTES_NO_VALUES: ReadonlySet<number> = new Set([401, 403, 404, 405, 409, 410, 429, 503, 504]);
const MAX_MESSAGE = 300;

/**
 * Cuts the values that field errors quote: `Invalid value: "hunter2": must be …` → `Invalid value: must be …`. Where such a value ends is
 * certain for a quoted text (quotes in it are escaped) and for a number; anything else is cut up to the last colon.
 */
function withoutValue(message: string): string {
  const value =
    /\b((?:Invalid|Unsupported|Duplicate) value)(?:: (?:"(?:[^"\\]|\\.)*"|[\d.-]+)(?=: )|: .*(?=: )|: .*$)/gs;
  return message.replaceAll(value, '$1');
}

function safeMessage(httpStatus: number, status: z.infer<typeof Status>): string {
  if (QUOTES_NO_VALUES.has(httpStatus) && status.message !== '') return status.message.slice(0, MAX_MESSAGE);
  const webhook = /^admission webhook "[^"]+" denied the request/.exec(status.message)?.[0];
  if (webhook !== undefined) return webhook.slice(0, MAX_MESSAGE);
  const causes = (status.details?.causes ?? []).map((cause) =>
    [cause.field, withoutValue(cause.message ?? cause.reason ?? '')].filter(Boolean).join(': '),
  );
  const text = causes.length > 0 ? causes.join('; ') : status.reason || `HTTP ${httpStatus}`;
  return text.slice(0, MAX_MESSAGE);
}

/** The body of a refused request, whatever it is, as an error that is safe to show. */
export function apiError(operation: string, httpStatus: number, body: string, retryAfter?: string): ApiError {
  const parsed = Status.safeParse(parseJson(body));
  const seconds = Number(
    retryAfter ?? (parsed.success ? parsed.data.details?.retryAfterSeconds : undefined) ?? Number.NaN,
  );
  return new ApiError({
    status: httpStatus,
    reason: parsed.success ? parsed.data.reason : '',
    operation,
    message: parsed.success ? safeMessage(httpStatus, parsed.data) : `HTTP ${httpStatus}`,
    ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MEANING: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name lookup failed',
  EHOSTUNREACH: 'host not reachable',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_BODY_TIMEOUT: 'silent for too long',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
};

const BROKEN: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** A request that got no answer. The cause stays attached for the log. */
export function unreachable(operation: string, cause: unknown): ApiUnreachable {
  // Not `instanceof`: errors of the runtime come from another realm in tests and workers.
  const { code, name } = (typeof cause === 'object' && cause !== null ? cause : {}) as {
    code?: unknown;
    name?: unknown;
  };
  const known = typeof code === 'string' ? (MEANING[code] ?? code) : 'no answer';
  const isBroken = BROKEN.has(code);
  return new ApiUnreachable(operation, name === 'TimeoutError' ? 'no answer in time' : known, { cause, isBroken });
}

const VERBS: Record<string, string> = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** `PATCH …/namespaces/n/deployments/auth-service` → "patch deployments.apps auth-service". */
export function operationOf(method: string, path: string): string {
  const [, root, ...rest] = (path.split('?')[0] ?? '').split('/');
  const group = root === 'apis' ? rest.shift() : undefined;
  const isResource = root === 'apis' || root === 'api';
  rest.shift();
  if (!isResource) return `${VERBS[method] ?? method} ${path.split('?')[0]}`;
  if (rest[0] === 'namespaces' && rest.length > 2) rest.splice(0, 2);
  const [resource = '', name, subresource] = rest;
  const verb = method === 'GET' && name === undefined ? 'list' : (VERBS[method] ?? method);
  const kind = [resource, subresource].filter(Boolean).join('/') + (group === undefined ? '' : `.${group}`);
  return [verb, kind, name].filter(Boolean).join(' ');
}
