/**
 * RFC 6902 as the API server applies it: `replace` of a missing member of an existing object adds it, a missing member is null to `test` and
 * `copy`. Anything that does not apply is a PatchRejected, which the server answers with one and the same 422.
 */
import { copyJson, isSameJson } from '../../json.ts';

export class PatchRejected extends Error {
  override name = 'PatchRejected';
}

export interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

type Container = Record<string, unknown> | unknown[];

const MAX_OPERATIONS = 10_000;

function tokens(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PatchRejected(`pointer ${pointer}`);
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

function index(token: string, limit: number): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > limit) throw new PatchRejected(`index ${token}`);
  return Number(token);
}

function member(container: Container, token: string): unknown {
  if (Array.isArray(container)) return container[index(token, container.length - 1)];
  return Object.hasOwn(container, token) ? container[token] : undefined;
}

function parentOf(root: unknown, pointer: string): { parent: Container; last: string } {
  const path = tokens(pointer);
  const last = path.pop();
  if (last === undefined) throw new PatchRejected('the whole document');
  let at: unknown = root;
  for (const token of path) {
    if (!isContainer(at)) throw new PatchRejected(pointer);
    at = member(at, token);
  }
  if (!isContainer(at)) throw new PatchRejected(pointer);
  return { parent: at, last };
}

/** The same, to be written to: what belongs to the document is frozen, and is copied on the way. */
function writableParentOf(root: Container, pointer: string): { parent: Container; last: string } {
  const path = tokens(pointer);
  const last = path.pop();
  if (last === undefined) throw new PatchRejected('the whole document');
  let at = root;
  for (const token of path) {
    const next = member(at, token);
    if (!isContainer(next)) throw new PatchRejected(pointer);
    const own: Container = Object.isFrozen(next) ? (Array.isArray(next) ? [...next] : { ...next }) : next;
    if (own !== next) (at as Record<string, unknown>)[token] = own;
    at = own;
  }
  return { parent: at, last };
}

function valueAt(root: unknown, pointer: string): unknown {
  if (pointer === '') return root;
  const { parent, last } = parentOf(root, pointer);
  return member(parent, last);
}

function add(root: Container, pointer: string, value: unknown): void {
  const { parent, last } = writableParentOf(root, pointer);
  if (!Array.isArray(parent)) parent[last] = value;
  else if (last === '-') parent.push(value);
  else parent.splice(index(last, parent.length), 0, value);
}

function remove(root: Container, pointer: string): void {
  const { parent, last } = writableParentOf(root, pointer);
  if (Array.isArray(parent)) {
    parent.splice(index(last, parent.length - 1), 1);
    return;
  }
  if (!Object.hasOwn(parent, last)) throw new PatchRejected(pointer);
  delete parent[last];
}

function replace(root: Container, pointer: string, value: unknown): void {
  const { parent, last } = writableParentOf(root, pointer);
  if (Array.isArray(parent)) parent[index(last, parent.length - 1)] = value;
  else parent[last] = value;
}

function apply(root: Container, { op, path, from, value }: Operation): void {
  switch (op) {
    case 'add':
      return add(root, path, value);
    case 'remove':
      return remove(root, path);
    case 'replace':
      return replace(root, path, value);
    case 'test':
      if (!isSameJson(valueAt(root, path) ?? null, value ?? null)) throw new PatchRejected(path);
      return;
    case 'copy':
      return add(root, path, copyJson(valueAt(root, from ?? '') ?? null));
    case 'move': {
      const moved = valueAt(root, from ?? '');
      remove(root, from ?? '');
      return add(root, path, moved);
    }
    default:
      throw new PatchRejected(op);
  }
}

/** A patched copy, which shares with a frozen document what the patch leaves alone. Throws PatchRejected. */
export function applyJsonPatch<T extends object>(document: T, patch: readonly Operation[]): T {
  if (patch.length > MAX_OPERATIONS) throw new PatchRejected('too many operations');
  const root = Object.isFrozen(document) ? { ...document } : copyJson(document);
  for (const operation of patch) apply(root as Container, copyJson(operation));
  return root;
}
