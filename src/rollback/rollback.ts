/** The one object (design §1): `Rollback` of ops.lomashwood.com/v1alpha1. */
import { z } from 'zod';
import { RollbackSpec } from './spec.ts';
import { RollbackStatus } from './status.ts';

export const GROUP = 'ops.lomashwood.com';
export const VERSION = 'v1alpha1';
export const API_VERSION = `${GROUP}/${VERSION}`;
export const PLURAL = 'rollbacks';
/** Annotation on a workload, written in the very patch that rolls it back: value = operation id `<uid>/<step>/<attempt>`. */
export const OPERATION_ANNOTATION = `${GROUP}/operation`;

const Metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  creationTimestamp: z.iso.datetime(),
  deletionTimestamp: z.iso.datetime().optional(),
  /** Raised by each change of `spec`, and by nothing else. */
  generation: z.number().int().optional(),
  finalizers: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** As the API server returns it. `status` is absent until the leader has planned it. */
export const Rollback = z.object({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Rollback'),
  metadata: Metadata,
  spec: RollbackSpec,
  status: RollbackStatus.optional(),
});
export type Rollback = z.infer<typeof Rollback>;

/** `<uid>/<step>/<attempt>`: the same after any crash, never the same for two steps. */
export function operationId(uid: string, step: string, attempt: number): string {
  return `${uid}/${step}/${attempt}`;
}
