/** What `undo` writes down about one patch: enough to make it, find it and follow it after a crash. Never a template: it holds secrets. */
import { z } from 'zod';

export const Step = z.object({
  environment: z.string(),
  service: z.string(),
  workload: z.object({ name: z.string(), uid: z.string() }),
  /** The version that was planned from: the patch tests for it. */
  from: z.object({ version: z.string(), templateHash: z.string() }),
  to: z.object({
    version: z.string(),
    templateHash: z.string(),
    replicaSet: z.object({ name: z.string(), uid: z.string() }),
  }),
});
export type Step = z.infer<typeof Step>;

export const Receipt = z.object({
  /** Hash of the template as the server stored it: differs from the step's when a webhook rewrote it. */
  templateHash: z.string(),
  /** The Deployment's generation in the answer: what is older has not seen the patch. */
  generation: z.number().int(),
  /** `lastUpdateTime` of a ProgressDeadlineExceeded that stood already when the patch was answered: it is the old rollout's. */
  deadlineStamp: z.string().optional(),
  /** The target version was there already: nothing was written. */
  skipped: z.boolean().optional(),
});
export type Receipt = z.infer<typeof Receipt>;
