/** metadata.managedFields: who last set which field, as the real server keeps it for updates. */
import type { OpenApiSchema, KindSchema } from './schemas/open-api.ts';
import type { Draft } from './kinds/strategy.ts';
import { isSameJson } from '../json.ts';

/** `{"f:spec": {"f:replicas": {}}}` */
interface FieldSet {
  [key: string]: FieldSet;
}

interface Entry {
  manager: string;
  operation: 'Update' | 'Apply';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldSet;
  subresource?: string;
}

export interface Author {
  manager: string;
  subresource: string | undefined;
  time: string;
}

type Item = Record<string, unknown>;

const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Set by the server, never owned. */
const UNOWNED = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);

interface Schema {
  of?: OpenApiSchema;
  resolve?: KindSchema['resolve'];
}

function member({ of, resolve }: Schema, name: string): Schema {
  const resolved = of && resolve?.(of);
  const found = resolved?.properties?.[name] ?? resolved?.additionalProperties;
  return typeof found === 'object' && resolve ? { of: found, resolve } : {};
}

function listKeys({ of }: Schema): string[] | undefined {
  return of?.['x-kubernetes-list-type'] === 'map' ? of['x-kubernetes-list-map-keys'] : undefined;
}

/** Fields of `value` that differ from `former`. */
function changed(value: unknown, former: unknown, schema: Schema): FieldSet | undefined {
  if (value === undefined || isSameJson(value, former)) return undefined;
  const keys = listKeys(schema);
  if (Array.isArray(value) && keys) return changedItems(value as Item[], former, keys, schema);
  if (!isObject(value) || Object.keys(value).length === 0) return {};
  const set: FieldSet = former === undefined ? { '.': {} } : {};
  for (const [name, child] of Object.entries(value)) {
    const found = changed(child, isObject(former) ? former[name] : undefined, member(schema, name));
    if (found) set[`f:${name}`] = found;
  }
  return set;
}

function changedItems(list: Item[], former: unknown, keys: string[], schema: Schema): FieldSet {
  const set: FieldSet = former === undefined ? { '.': {} } : {};
  const items: Schema = schema.of?.items && schema.resolve ? { of: schema.of.items, resolve: schema.resolve } : {};
  for (const item of list) {
    const identity = Object.fromEntries(keys.map((key) => [key, item[key]]));
    const before = Array.isArray(former)
      ? (former as Item[]).find((other) => keys.every((key) => other[key] === item[key]))
      : undefined;
    const found = changed(item, before, items);
    if (found) set[`k:${JSON.stringify(identity)}`] = found;
  }
  return set;
}

function subtract(from: FieldSet, taken: FieldSet): FieldSet | undefined {
  const rest: FieldSet = {};
  for (const [key, child] of Object.entries(from)) {
    const other = taken[key];
    if (!other) rest[key] = child;
    else if (Object.keys(child).length > 0) {
      const kept = subtract(child, other);
      if (kept) rest[key] = kept;
    }
  }
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const result = { ...a };
  for (const [key, child] of Object.entries(b)) result[key] = union(result[key] ?? {}, child);
  return result;
}

function changedFields(next: Draft, previous: Draft | undefined, schema: KindSchema | undefined): FieldSet {
  const root: Schema = schema ? { of: schema.root, resolve: schema.resolve } : {};
  const set: FieldSet = {};
  for (const [name, value] of Object.entries(next)) {
    if (name === 'apiVersion' || name === 'kind' || name === 'metadata') continue;
    const found = changed(value, previous?.[name], member(root, name));
    // The parts of the object itself are never owned as a whole.
    if (!found) continue;
    delete found['.'];
    if (Object.keys(found).length > 0) set[`f:${name}`] = found;
  }
  const metadata: FieldSet = {};
  for (const [name, value] of Object.entries(next.metadata)) {
    if (UNOWNED.has(name)) continue;
    const found = changed(value, previous?.metadata[name], member(member(root, 'metadata'), name));
    if (found) metadata[`f:${name}`] = found;
  }
  if (Object.keys(metadata).length > 0) set['f:metadata'] = metadata;
  return set;
}

/** Sets `next.metadata.managedFields` from what changed. An object whose fields were cleared by the client starts anew. */
export function trackManager(
  next: Draft,
  previous: Draft | undefined,
  schema: KindSchema | undefined,
  { manager, subresource, time }: Author,
): void {
  const entries = (previous?.metadata['managedFields'] ?? []) as Entry[];
  const taken = changedFields(next, previous, schema);
  if (Object.keys(taken).length === 0) {
    if (entries.length > 0) next.metadata['managedFields'] = entries;
    else delete next.metadata['managedFields'];
    return;
  }
  const isMine = (e: Entry): boolean =>
    e.manager === manager &&
    e.operation === 'Update' &&
    e.subresource === subresource &&
    e.apiVersion === next.apiVersion;
  const others = entries.flatMap((entry) => {
    if (isMine(entry)) return [];
    const fieldsV1 = subtract(entry.fieldsV1, taken);
    return fieldsV1 ? [{ ...entry, fieldsV1 }] : [];
  });
  const mine = entries.find(isMine);
  const entry: Entry = {
    manager,
    operation: 'Update',
    apiVersion: next.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: mine ? union(mine.fieldsV1, taken) : taken,
    ...(subresource !== undefined && { subresource }),
  };
  next.metadata['managedFields'] = [...others, entry];
}

/** Who writes: the `fieldManager` of the query, else the first word of the user agent. */
export function managerOf(query: URLSearchParams, userAgent: string | undefined): string {
  const named = query.get('fieldManager');
  if (named) return named;
  return (userAgent ?? '').split('/')[0] || 'unknown';
}
