/** A patch of any kind onto an object, with the server's answers when it does not apply. */
import type { StoredObject } from '../../storage-contract.ts';
import type { PatchType } from '../body.ts';
import type { Call } from '../call.ts';
import { kindSchema, patchSchema } from '../schemas/open-api.ts';
import { patchRejected, StatusError } from '../status.ts';
import { applyJsonPatch, PatchRejected, type Operation } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { applyStrategicMergePatch, InvalidStrategicPatch } from './strategic-merge-patch.ts';

/** Throws 422 for a JSON patch that does not apply, 500 for a strategic one that is malformed. */
export function applyPatch(
  { definition }: Call,
  object: StoredObject,
  type: PatchType,
  body: unknown,
): Record<string, unknown> {
  try {
    if (type === 'json') return applyJsonPatch<Record<string, unknown>>(object, body as Operation[]);
    if (type === 'merge') return applyMergePatch(object, body) as Record<string, unknown>;
    const schema = kindSchema(definition.group, definition.version, definition.kind);
    const patched = applyStrategicMergePatch(object, body as object, schema && patchSchema(schema));
    return patched as Record<string, unknown>;
  } catch (error) {
    if (error instanceof PatchRejected) throw patchRejected();
    if (error instanceof InvalidStrategicPatch) throw new StatusError(500, undefined, error.message);
    throw error;
  }
}
