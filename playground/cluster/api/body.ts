/** Request bodies: JSON and YAML for objects, protobuf for the few reviews that kubectl sends so. */
import { parse } from 'yaml';
import type { ApiRequest } from './message.ts';
import { decodeProtobuf, PROTOBUF } from './protobuf.ts';
import { badRequest, StatusError, unsupportedMediaType } from './status.ts';

const MAX_BYTES = 3 * 1024 * 1024;

const mediaType = (request: ApiRequest): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase();

export function checkSize(request: ApiRequest): void {
  if (request.body.length <= MAX_BYTES) return;
  const message = `Request entity too large: limit is ${MAX_BYTES}`;
  throw new StatusError(413, 'RequestEntityTooLarge', message);
}

function excerpt(text: string): string {
  if (text === '') return '<empty>';
  // Go prints what does not look like JSON in hexadecimal.
  const isReadable = text.startsWith('{');
  const shown = isReadable ? text : Buffer.from(text).toString('hex');
  return shown.length > 30 ? `${shown.slice(0, 30)} ...` : shown;
}

function parsed(text: string, isYaml: boolean, kind: string): unknown {
  try {
    return isYaml ? parse(text) : JSON.parse(text);
  } catch {
    const first = text.trimStart().at(0);
    const why =
      first === undefined
        ? 'unexpected end of JSON input'
        : `invalid character '${first}' looking for beginning of value`;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${excerpt(text)})`,
    );
  }
}

/** The object of a create or update. Throws 400, 413, 415. */
export function objectBody(request: ApiRequest, kind: string): Record<string, unknown> {
  checkSize(request);
  const type = mediaType(request);
  if (type === PROTOBUF) {
    const review = decodeProtobuf(request.body);
    if (review) return review;
  } else if (type === 'application/json' || type === 'application/yaml') {
    const value = parsed(request.body.toString('utf8'), type === 'application/yaml', kind);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind`);
  }
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  );
}

export type PatchType = 'json' | 'merge' | 'strategic';

const PATCH_TYPES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

/** The kind of patch. Server-side apply and unknown types get 415, strategic merge of custom resources too. */
export function patchType(request: ApiRequest, isCustom: boolean): PatchType {
  const type = PATCH_TYPES[mediaType(request)];
  if (type === undefined) throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  if (type === 'strategic' && isCustom) {
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  }
  return type;
}

/** The patch itself, of the shape its type has. Throws 400. */
export function patchBody(request: ApiRequest, type: PatchType): unknown {
  checkSize(request);
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw badRequest('invalid JSON patch');
  }
  const isList = Array.isArray(value);
  const name = isList ? 'array' : value === null || typeof value === 'object' ? 'object' : typeof value;
  if (type === 'json' && !isList) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${name} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (type !== 'json' && name !== 'object') {
    const prefix = type === 'merge' ? 'error decoding patch: ' : '';
    throw badRequest(`${prefix}json: cannot unmarshal ${name} into Go value of type map[string]interface {}`);
  }
  return value;
}

/** DeleteOptions: from the body, where there is one, else from the query. */
export function deleteOptions(request: ApiRequest): {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
  orphanDependents?: boolean;
} {
  if (request.body.length > 0) return objectBody(request, 'DeleteOptions');
  const { query } = request;
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(policy !== null && { propagationPolicy: policy }),
    dryRun: query.getAll('dryRun'),
  };
}
