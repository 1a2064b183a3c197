/** The API server's errors: `Status` objects in its own words, thrown by handlers and answered by api.ts. */

export interface Cause {
  reason: string;
  message: string;
  field?: string;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: object;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: Cause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

/** What an error names: `deployments.apps "web"`. */
export interface Named {
  group: string;
  /** Plural or kind, as the real server uses it for that error. */
  kind: string;
  name: string;
}

const qualified = ({ group, kind }: Named): string => (group === '' ? kind : `${kind}.${group}`);

function details({ group, kind, name }: Named): NonNullable<Status['details']> {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), ...(kind !== '' && { kind }) };
}

/** Thrown to answer a request with this Status. */
export class StatusError extends Error {
  override name = 'StatusError';
  readonly status: Status;
  constructor(code: number, reason: string | undefined, message: string, more?: Status['details']) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason !== undefined && { reason }),
      ...(more && { details: more }),
      code,
    };
  }
}

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message);

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const notFound = (what: Named): StatusError =>
  new StatusError(404, 'NotFound', `${qualified(what)} "${what.name}" not found`, details(what));

export const unknownResource = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const methodNotAllowed = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const alreadyExists = (what: Named): StatusError =>
  new StatusError(409, 'AlreadyExists', `${qualified(what)} "${what.name}" already exists`, details(what));

export const conflict = (what: Named, why: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(what)} "${what.name}": ${why}`,
    details(what),
  );

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export const expired = (message: string): StatusError => new StatusError(410, 'Expired', message);

export const unsupportedMediaType = (message: string): StatusError =>
  new StatusError(415, 'UnsupportedMediaType', message);

/** What a failed `test` and every other JSON patch that does not apply gets. */
export const patchRejected = (): StatusError =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

export type FieldReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotFound'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTypeInvalid'
  | 'FieldValueDuplicate'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany';

/** One thing wrong with a field; `text` is the whole message after the field's path. */
export interface FieldError {
  field: string;
  reason: FieldReason;
  text: string;
}

/** A value as Go's field errors print it: strings quoted, the rest as JSON. */
export const shown = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value));

export const fieldInvalid = (field: string, value: unknown, why: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  text: `Invalid value: ${shown(value)}: ${why}`,
});

export const fieldRequired = (field: string, why = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  text: why === '' ? 'Required value' : `Required value: ${why}`,
});

export const fieldForbidden = (field: string, why: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  text: `Forbidden: ${why}`,
});

export const fieldUnsupported = (field: string, value: unknown, supported: readonly unknown[]): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  text: `Unsupported value: ${shown(value)}: supported values: ${supported.map(shown).join(', ')}`,
});

export const fieldNotFound = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueNotFound',
  text: `Not found: ${shown(value)}`,
});

export const fieldDuplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  text: `Duplicate value: ${shown(value)}`,
});

export function invalid(what: Named, errors: readonly FieldError[]): StatusError {
  const lines = errors.map((e) => `${e.field}: ${e.text}`);
  const all = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${qualified(what)} "${what.name}" is invalid: ${all}`, {
    ...details(what),
    causes: errors.map((e) => ({ reason: e.reason, message: e.text, field: e.field })),
  });
}
