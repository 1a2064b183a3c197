/**
 * Strategic merge patch: lists of objects merge by the merge key that the OpenAPI document gives (`x-kubernetes-patch-merge-key`), with
 * the directives `$patch: replace | delete | merge`, `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…`.
 */
import type { PatchSchema } from '../schemas/open-api.ts';
import { isDeepStrictEqual } from 'node:util';

type Item = Record<string, unknown>;

/** The patch contradicts itself or the object; the text is the server's. */
export class InvalidStrategicPatch extends Error {
  override name = 'InvalidStrategicPatch';
}

const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As Go prints a map: `map[image:x name:web]`. */
function goMap(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const keys = Object.keys(value).toSorted();
  return `map[${keys.map((key) => `${key}:${goMap(value[key])}`).join(' ')}]`;
}

const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

/** Removes directives from a value that is taken over whole; null members vanish, as in the server. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !(isObject(item) && item['$patch'] !== undefined)).map(withoutDirectives);
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, member]) => !key.startsWith('$') && member !== null);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutDirectives(member)]));
}

function mergeObjects(original: Item, patch: Item, schema: PatchSchema | undefined): Item {
  const directive = patch['$patch'];
  if (directive === 'replace') return withoutDirectives(patch) as Item;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw new InvalidStrategicPatch(`unknown patch type: ${goMap(directive)} in map: ${goMap(patch)}`);
  }
  const result = { ...original };
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_PRIMITIVES)) {
      const name = key.slice(DELETE_PRIMITIVES.length);
      const list = result[name];
      if (Array.isArray(list)) result[name] = list.filter((item) => !(value as unknown[]).includes(item));
    } else if (key.startsWith('$')) continue;
    else if (value === null) delete result[key];
    else result[key] = mergeMember(result[key], value, schema?.member(key));
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(ELEMENT_ORDER)) continue;
    const name = key.slice(ELEMENT_ORDER.length);
    const list = result[name];
    if (Array.isArray(list)) result[name] = inOrder(list, order as unknown[], schema?.member(name)?.mergeKey);
  }
  return result;
}

function mergeMember(original: unknown, value: unknown, schema: PatchSchema | undefined): unknown {
  if (isObject(value)) {
    if (schema?.isReplaced) return withoutDirectives(value);
    return mergeObjects(isObject(original) ? original : {}, value, schema);
  }
  if (!Array.isArray(value) || !schema?.isMergedList) return withoutDirectives(value);
  const list: unknown[] = Array.isArray(original) ? original : [];
  if (schema.mergeKey === undefined) return [...list, ...value.filter((item) => !list.includes(item))];
  return mergeLists(list as Item[], value as Item[], schema.mergeKey, schema.items);
}

function mergeLists(original: Item[], patch: Item[], key: string, schema: PatchSchema | undefined): Item[] {
  if (patch.some((item) => item['$patch'] === 'replace' && Object.keys(item).length === 1)) {
    return withoutDirectives(patch) as Item[];
  }
  let result = [...original];
  for (const item of patch) {
    if (item[key] === undefined) {
      throw new InvalidStrategicPatch(`map: ${goMap(item)} does not contain declared merge key: ${key}`);
    }
    const at = result.findIndex((existing) => isDeepStrictEqual(existing[key], item[key]));
    if (item['$patch'] === 'delete') result = result.filter((existing) => !isDeepStrictEqual(existing[key], item[key]));
    else if (at < 0) result.push(mergeObjects({}, item, schema));
    else result[at] = mergeObjects(result[at]!, item, schema);
  }
  return result;
}

/** Listed ones in the given order; the others stay behind the neighbour they followed. */
function inOrder(list: unknown[], order: unknown[], key: string | undefined): unknown[] {
  const identity = (item: unknown): unknown => (key !== undefined && isObject(item) ? item[key] : item);
  const wanted = order.map(identity);
  const isListed = (item: unknown): boolean => wanted.some((w) => isDeepStrictEqual(w, identity(item)));
  const listed = wanted.flatMap((w) => list.filter((item) => isDeepStrictEqual(identity(item), w)));
  const result = [...listed];
  for (const [at, item] of list.entries()) {
    if (isListed(item)) continue;
    const before = list.slice(0, at).findLast((other) => result.includes(other));
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, item);
  }
  return result;
}

/** A patched copy. Throws InvalidStrategicPatch. */
export function applyStrategicMergePatch(document: object, patch: object, schema: PatchSchema | undefined): object {
  return mergeObjects(structuredClone(document) as Item, structuredClone(patch) as Item, schema);
}
