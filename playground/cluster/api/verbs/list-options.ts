/** What a list or watch asks for, checked as the API server checks it. */
import { badRequest, fieldForbidden, fieldUnsupported, invalid, StatusError, fieldInvalid } from '../status.ts';

export interface ListOptions {
  limit: number;
  continueToken: string;
  /** '' when unset. */
  resourceVersion: string;
  match: string;
  sendInitialEvents: boolean;
  allowWatchBookmarks: boolean;
  timeoutSeconds: number | undefined;
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

const isTrue = (query: URLSearchParams, name: string): boolean =>
  query.has(name) && !['false', '0'].includes(query.get(name) ?? '');

const MATCHES = ['Exact', 'NotOlderThan', ''];
const OPTIONS = { group: 'meta.k8s.io', kind: 'ListOptions', name: '' };

function checkMatch({ match, resourceVersion, continueToken, sendInitialEvents }: ListOptions, isWatch: boolean): void {
  const refuse = (field: string, why: string): StatusError => invalid(OPTIONS, [fieldForbidden(field, why)]);
  if (!MATCHES.includes(match)) {
    throw invalid(OPTIONS, [fieldUnsupported('resourceVersionMatch', match, MATCHES)]);
  }
  if (isWatch) {
    if (sendInitialEvents && match !== 'NotOlderThan') {
      throw refuse('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    }
    if (!sendInitialEvents && match !== '') {
      throw refuse(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    }
    return;
  }
  if (sendInitialEvents) throw refuse('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (match === '') return;
  if (continueToken !== '')
    throw refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
  if (resourceVersion === '') {
    throw refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  }
  if (match === 'Exact' && resourceVersion === '0') {
    throw refuse('resourceVersionMatch', 'resourceVersionMatch "Exact" is forbidden for resourceVersion "0"');
  }
}

/** Throws 400, 422 or 500, as the server does. */
export function listOptions(query: URLSearchParams, isWatch: boolean): ListOptions {
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (resourceVersion !== '' && !/^\d+$/.test(resourceVersion)) {
    const why = `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`;
    const { text } = fieldInvalid('resourceVersion', resourceVersion, why);
    throw new StatusError(500, undefined, `resourceVersion: ${text}`);
  }
  const options: ListOptions = {
    limit: integer(query, 'limit') ?? 0,
    continueToken: query.get('continue') ?? '',
    resourceVersion,
    match: query.get('resourceVersionMatch') ?? '',
    sendInitialEvents: isTrue(query, 'sendInitialEvents'),
    allowWatchBookmarks: isTrue(query, 'allowWatchBookmarks'),
    timeoutSeconds: integer(query, 'timeoutSeconds'),
  };
  checkMatch(options, isWatch);
  return options;
}

/** A version that the server has not reached; the real one waits three seconds for it first. */
export function tooLarge(asked: string, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
