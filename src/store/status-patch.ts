/**
 * Which JSON patch writes some fields of `status`, fenced, upon the very version it was made for: a write that arrives late, or twice,
 * changes nothing. Pure. Each field is written by itself, and each Slack slot by its own key, so that writers of different fields never
 * overwrite each other. Slots alone may be written upon what they replace (docs/decisions/0004-writing-slots-among-clicks.md).
 */
import type { JsonPatch } from '#clients/kubernetes/api.ts';
import { canonicalJson } from '#clients/kubernetes/template-hash.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import { type RollbackStatus, STATUS_SCHEMA } from '#rollback/status.ts';

export interface Fence {
  /** The writer's term, or the term it takes over from when it raises `epoch` itself. */
  epoch: number;
  /** Nothing at all may have changed since the object was read, whoever changed it. */
  ifUnchanged?: boolean;
}

/** version: the object as a whole. slots: only those that are written, for people add to it faster than it is read. */
export type Basis = 'version' | 'slots';

/** `/` and `~` in a key of a JSON pointer. */
export function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The newest term that may write here under this fence. */
export function ownTerm(changed: Partial<RollbackStatus>, fence: Fence): number {
  return Math.max(fence.epoch, changed.epoch ?? 0);
}

/** A test for what was read; the API server takes a missing value for null (tried). */
const isStill = (path: string, value: unknown): JsonPatch[number] => ({ op: 'test', path, value: value ?? null });

function tests({ metadata, status }: Rollback, basis: JsonPatch): JsonPatch {
  return [
    isStill('/metadata/uid', metadata.uid),
    ...basis,
    status === undefined ? isStill('/status', null) : isStill('/status/epoch', status.epoch),
  ];
}

/** Nothing but slots of a status that is there, under a term that wrote it already. */
export function isOnlySlots({ status }: Rollback, changed: Partial<RollbackStatus>, fence: Fence): boolean {
  const fields = Object.keys(changed);
  const isOwn = status !== undefined && ownTerm(changed, fence) === status.epoch;
  return isOwn && fence.ifUnchanged !== true && fields.length === 1 && fields[0] === 'slack';
}

/** What a write of these fields would replace is the same in both: what was decided upon one holds for the other. */
export function isSameBasis(a: Rollback, b: Rollback, { slack, ...fields }: Partial<RollbackStatus>): boolean {
  if (a.status === undefined || b.status === undefined) return a.status === b.status;
  const [one, other] = [a.status, b.status];
  const same = (x: unknown, y: unknown): boolean => canonicalJson(x ?? null) === canonicalJson(y ?? null);
  return (
    (Object.keys(fields) as (keyof typeof fields)[]).every((field) => same(one[field], other[field])) &&
    Object.keys(slack ?? {}).every((key) => same(one.slack[key], other.slack[key]))
  );
}

function slotWrites(known: RollbackStatus['slack'], changed: RollbackStatus['slack']): JsonPatch {
  return Object.entries(changed)
    .filter(([key, slot]) => canonicalJson(slot) !== canonicalJson(known[key] ?? null))
    .map(([key, slot]) => ({ op: 'add', path: `/status/slack/${escapeKey(key)}`, value: slot }));
}

/** A term begins to write here. From then on an older bot leaves it alone: it would drop what it does not know. */
function takeOver({ schema }: RollbackStatus, epoch: number): JsonPatch {
  const raised: JsonPatch =
    schema < STATUS_SCHEMA ? [{ op: 'replace', path: '/status/schema', value: STATUS_SCHEMA }] : [];
  return [{ op: 'replace', path: '/status/epoch', value: epoch }, ...raised];
}

/** `rollback` is what the writer knows; a field given as undefined is removed. `basis` slots: only where `isOnlySlots`. */
export function statusPatch(
  rollback: Rollback,
  changed: Partial<RollbackStatus>,
  fence: Fence,
  basis: Basis = 'version',
): JsonPatch {
  const { status } = rollback;
  const epoch = ownTerm(changed, fence);
  const version = isStill('/metadata/resourceVersion', rollback.metadata.resourceVersion);
  if (status === undefined) {
    const initial = { schema: STATUS_SCHEMA, phase: 'Pending', slack: {}, ...changed, epoch };
    return [...tests(rollback, [version]), { op: 'add', path: '/status', value: initial }];
  }
  const { slack, epoch: _raised, ...fields } = changed;
  const replaced = Object.keys(slack ?? {}).map((key) => isStill(`/status/slack/${escapeKey(key)}`, status.slack[key]));
  const writes = Object.entries(fields).flatMap(([field, value]): JsonPatch => {
    const path = `/status/${field}`;
    if (value !== undefined) return [{ op: 'add', path, value }];
    return field in status ? [{ op: 'remove', path }] : [];
  });
  return [
    ...tests(rollback, basis === 'slots' ? replaced : [version]),
    ...(epoch === status.epoch ? [] : takeOver(status, epoch)),
    ...writes,
    ...(slack === undefined ? [] : slotWrites(status.slack, slack)),
  ];
}

/** Adds one input to the very spec that is known; whatever the leader writes beside it does not matter. */
export function inputPatch({ metadata, spec }: Rollback, key: string, input: Input): JsonPatch {
  const isFirst = spec.inputs === undefined;
  return [
    isStill('/metadata/uid', metadata.uid),
    isStill('/metadata/generation', metadata.generation),
    isFirst
      ? { op: 'add', path: '/spec/inputs', value: { [key]: input } }
      : { op: 'add', path: `/spec/inputs/${escapeKey(key)}`, value: input },
  ];
}
