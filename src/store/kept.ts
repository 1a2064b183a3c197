/** The edge: an object as the API server sends it → a Rollback, or the reason why this version of the bot leaves it alone. */
import { z } from 'zod';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { canonicalJson } from '#clients/kubernetes/template-hash.ts';
import { API_VERSION, Rollback } from '#rollback/rollback.ts';
import { RollbackSpec } from '#rollback/spec.ts';
import { STATUS_SCHEMA } from '#rollback/status.ts';

/** An object that is neither shown nor worked on. */
export interface SetAside {
  name: string;
  why: 'newer-schema' | 'unreadable';
  /** One plain sentence with paths, never with values. */
  message: string;
}

export type Kept = { rollback: Rollback } | { setAside: SetAside };

const Marked = z.object({ status: z.object({ schema: z.number() }) });
const MAX_FAULTS = 5;

export function kept(raw: KubernetesObject): Kept {
  const { name } = raw.metadata;
  const marked = Marked.safeParse(raw);
  if (marked.success && marked.data.status.schema > STATUS_SCHEMA) {
    const message = `Written by a newer bot (status schema ${marked.data.status.schema}; this one knows ${STATUS_SCHEMA}).`;
    return { setAside: { name, why: 'newer-schema', message } };
  }
  // Items of a list may come without their kind.
  const parsed = Rollback.safeParse({ ...raw, apiVersion: API_VERSION, kind: 'Rollback' });
  if (parsed.success) return { rollback: parsed.data };
  const faults = parsed.error.issues.slice(0, MAX_FAULTS).map((issue) => issue.path.join('.') || issue.code);
  return { setAside: { name, why: 'unreadable', message: `Not understood: ${faults.join(', ')}.` } };
}

/** The same request, whatever people have added to it since. */
export function isSameIntent(a: RollbackSpec, b: RollbackSpec): boolean {
  const bare = (spec: RollbackSpec): string => {
    const { inputs: _added, ...intent } = RollbackSpec.parse(spec);
    return canonicalJson(intent);
  };
  return bare(a) === bare(b);
}
