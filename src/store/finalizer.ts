/** The finalizer that keeps a Rollback until nothing is left to do: whoever deletes one mid-run is waited for, and told. Pure. */
import type { JsonPatch } from '#clients/kubernetes/api.ts';
import { GROUP, type Rollback } from '#rollback/rollback.ts';

export const SETTLE_FINALIZER = `${GROUP}/settle`;

export function isHeld({ metadata }: Rollback): boolean {
  return metadata.finalizers?.includes(SETTLE_FINALIZER) === true;
}

function unchanged({ metadata: { uid, resourceVersion } }: Rollback): JsonPatch {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
}

/** Adds it; undefined: it is there, or the object is being deleted and takes none. */
export function holdPatch(rollback: Rollback): JsonPatch | undefined {
  const { finalizers = [], deletionTimestamp } = rollback.metadata;
  if (isHeld(rollback) || deletionTimestamp !== undefined) return undefined;
  return [
    ...unchanged(rollback),
    { op: 'add', path: '/metadata/finalizers', value: [...finalizers, SETTLE_FINALIZER] },
  ];
}

/** Takes it away; undefined: it is not there. */
export function releasePatch(rollback: Rollback): JsonPatch | undefined {
  if (!isHeld(rollback)) return undefined;
  const value = rollback.metadata.finalizers?.filter((name) => name !== SETTLE_FINALIZER);
  return [...unchanged(rollback), { op: 'replace', path: '/metadata/finalizers', value }];
}
