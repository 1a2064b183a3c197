/** What Go's decoder would say of a body for a built-in kind: a wrong type fails at once, an unknown field is dropped and reported. */
import type { KindSchema, OpenApiSchema } from './open-api.ts';
import { normalisedTime, TimeError } from './times.ts';

export interface Decoded {
  /** Without unknown fields and nulls. */
  value: unknown;
  /** Paths such as `spec.template.nope`, in order of appearance. */
  unknownFields: string[];
}

/** The body does not fit the kind; the text follows "cannot be handled as a X: ". */
export class DecodingError extends Error {
  override name = 'DecodingError';
}

const GO_TYPES: Record<string, string> = { string: 'string', boolean: 'bool', number: 'float64' };

function goName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** `Deployment.spec.replicas` of type int32: the kind first, then the path without indexes. */
function mismatch(value: unknown, kind: string, path: string, wanted: string): DecodingError {
  const field = `${kind}${path === '' ? '' : `.${path.replaceAll(/\[\d+\]/g, '')}`}`;
  return new DecodingError(`json: cannot unmarshal ${goName(value)} into Go struct field ${field} of type ${wanted}`);
}

function goType(schema: OpenApiSchema): string {
  if (schema.type === 'integer') return schema.format ?? 'int32';
  return GO_TYPES[schema.type ?? ''] ?? schema.type ?? 'object';
}

interface Walk {
  kind: string;
  resolve: KindSchema['resolve'];
  unknownFields: string[];
}

function decodeObject(value: unknown, schema: OpenApiSchema, path: string, walk: Walk): unknown {
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(value, walk.kind, path, 'v1.Object');
  const { properties, additionalProperties } = schema;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value as object)) {
    const at = path === '' ? name : `${path}.${name}`;
    const memberSchema = properties?.[name] ?? additionalProperties;
    if (member === null && !properties) {
      // A null in a map of strings is an empty string to Go.
      const isText = typeof memberSchema === 'object' && walk.resolve(memberSchema).type === 'string';
      if (isText) result[name] = '';
      continue;
    }
    if (typeof memberSchema === 'object') {
      // Go names a map's field for a value of a wrong type, not the key.
      const decoded = decodeValue(member, memberSchema, properties ? at : path, walk);
      if (decoded !== undefined) result[name] = decoded;
    } else if (properties) walk.unknownFields.push(at);
    else result[name] = member;
  }
  return result;
}

function decodeTime(text: string, { allOf, $ref }: OpenApiSchema): string {
  try {
    return normalisedTime(text, ($ref ?? allOf?.[0]?.$ref ?? '').endsWith('.MicroTime'));
  } catch (error) {
    if (error instanceof TimeError) throw new DecodingError(error.message);
    throw error;
  }
}

function decodeValue(value: unknown, unresolved: OpenApiSchema, path: string, walk: Walk): unknown {
  if (value === null) return undefined;
  const schema = walk.resolve(unresolved);
  switch (schema.type) {
    case 'object':
      return decodeObject(value, schema, path, walk);
    case 'array':
      if (!Array.isArray(value)) throw mismatch(value, walk.kind, path, '[]v1.Object');
      return value.map((item, i) => decodeValue(item, schema.items ?? {}, `${path}[${i}]`, walk) ?? null);
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch(value, walk.kind, path, goType(schema));
      return value;
    case 'string':
    case 'boolean':
    case 'number':
      // int-or-string and quantities are strings in the document and may be numbers in a body.
      if (schema.oneOf || schema.format === 'int-or-string') return value;
      if (typeof value !== schema.type) throw mismatch(value, walk.kind, path, goType(schema));
      return schema.format === 'date-time' ? decodeTime(value as string, unresolved) : value;
    default:
      return value;
  }
}

/** Throws DecodingError. */
export function decodeBody(body: object, kind: string, { root, resolve }: KindSchema): Decoded {
  const walk: Walk = { kind, resolve, unknownFields: [] };
  return { value: decodeValue(body, root, '', walk), unknownFields: walk.unknownFields };
}
