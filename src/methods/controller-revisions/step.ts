/** What is written down about one change of a StatefulSet or DaemonSet, to make it, find it and follow it after a crash. Never a template. */
import { z } from 'zod';
import { Receipt as PatchReceipt } from '../undo/step.ts';

const Subject = z.object({
  environment: z.string(),
  service: z.string(),
  workload: z.object({ kind: z.enum(['StatefulSet', 'DaemonSet']), name: z.string(), uid: z.string() }),
  /** The version that was planned from. */
  from: z.object({ version: z.string(), templateHash: z.string() }),
  to: z.object({
    version: z.string(),
    templateHash: z.string(),
    /** Its ControllerRevision. The number rises whenever the version comes back: by it one sees that it did. */
    revision: z.object({ name: z.string(), uid: z.string(), number: z.number().int() }),
  }),
});

/** The template of the ControllerRevision, back into the object. */
export const PatchStep = Subject.extend({ do: z.literal('patch') });
export type PatchStep = z.infer<typeof PatchStep>;

/** One pod that is in the way of a patch made before. */
export const DeletePodStep = Subject.extend({
  do: z.literal('delete-pod'),
  pod: z.object({ name: z.string(), uid: z.string(), revisionHash: z.string() }),
  /** The template that the patch left, as the server stored it. */
  patchedHash: z.string(),
});
export type DeletePodStep = z.infer<typeof DeletePodStep>;

export const Step = z.discriminatedUnion('do', [PatchStep, DeletePodStep]);
export type Step = z.infer<typeof Step>;

export const DeletePodReceipt = z.object({ deletedPod: z.string() });
export const Receipt = z.union([PatchReceipt, DeletePodReceipt]);
export type Receipt = z.infer<typeof Receipt>;

export { PatchReceipt };
