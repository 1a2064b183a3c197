/**
 * Which JSON patch writes some fields of `status`, fenced. Pure. Each field is written by itself, and each Slack slot by its own key, so
 * that parallel writers of different fields never overwrite each other.
 */
import type { JsonPatch } from '#clients/kubernetes/api.ts';
import { canonicalJson } from '#clients/kubernetes/template-hash.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { type RollbackStatus, STATUS_SCHEMA } from '#rollback/status.ts';

export interface Fence {
  /** The writer's term, or the term it takes over from when it raises `epoch` itself. */
  epoch: number;
  /** Also test that nothing at all changed since the object was read. */
  ifUnchanged?: boolean;
}

/** `/` and `~` in a key of a JSON pointer. */
export function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The newest term that may write here under this fence. */
export function ownTerm(changed: Partial<RollbackStatus>, fence: Fence): number {
  return Math.max(fence.epoch, changed.epoch ?? 0);
}

function tests({ metadata, status }: Rollback, fence: Fence): JsonPatch {
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    ...(fence.ifUnchanged === true
      ? [{ op: 'test' as const, path: '/metadata/resourceVersion', value: metadata.resourceVersion }]
      : []),
    status === undefined
      ? // The API server's JSON patch takes a missing value for null (tried).
        { op: 'test', path: '/status', value: null }
      : { op: 'test', path: '/status/epoch', value: status.epoch },
  ];
}

function slotWrites(known: RollbackStatus['slack'], changed: RollbackStatus['slack']): JsonPatch {
  return Object.entries(changed)
    .filter(([key, slot]) => canonicalJson(slot) !== canonicalJson(known[key] ?? null))
    .map(([key, slot]) => ({ op: 'add', path: `/status/slack/${escapeKey(key)}`, value: slot }));
}

/** `rollback` is what the writer knows; a field given as undefined is removed. */
export function statusPatch(rollback: Rollback, changed: Partial<RollbackStatus>, fence: Fence): JsonPatch {
  const { status } = rollback;
  const epoch = ownTerm(changed, fence);
  if (status === undefined) {
    const initial = { schema: STATUS_SCHEMA, phase: 'Pending', slack: {}, ...changed, epoch };
    return [...tests(rollback, fence), { op: 'add', path: '/status', value: initial }];
  }
  const { slack, epoch: _raised, ...fields } = changed;
  const writes = Object.entries(fields).flatMap(([field, value]): JsonPatch => {
    const path = `/status/${field}`;
    if (value !== undefined) return [{ op: 'add', path, value }];
    return field in status ? [{ op: 'remove', path }] : [];
  });
  return [
    ...tests(rollback, fence),
    ...(epoch === status.epoch ? [] : [{ op: 'replace' as const, path: '/status/epoch', value: epoch }]),
    ...writes,
    ...(slack === undefined ? [] : slotWrites(status.slack, slack)),
  ];
}
