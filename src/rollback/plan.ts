/**
 * The plan, frozen into `status.plan` when planning ends: everything that messages need, so that rendering asks nobody. It names
 * ReplicaSets by name, uid and template hash and never holds a template, for templates contain secrets (design §2).
 */
import { z } from 'zod';
import { Refusal } from './failure.ts';
import { Finding } from './finding.ts';
import { WorkloadKind } from './workload.ts';

/** One version of a service: a ReplicaSet, or a ControllerRevision of a StatefulSet or DaemonSet, seen by a person. */
export const Version = z.object({
  /** The image's tag, or the first 12 characters of its digest. Shown first. */
  version: z.string(),
  /** The image of the service's main container, as the template has it. */
  image: z.string(),
  /** The number that kubectl shows; 0 when not known. It changes with each undo: never a key. */
  revision: z.number().int(),
  /** Or ControllerRevision. */
  replicaSet: z.object({ name: z.string(), uid: z.string() }),
  /** Hash of the pod template without `pod-template-hash`. */
  templateHash: z.string(),
  /** When this version was deployed, newest time known. */
  deployedAt: z.iso.datetime(),
  /** It ran before and came back at `deployedAt` by an undo; the two are the same where nobody knows when. */
  cameBack: z
    .object({
      firstDeployedAt: z.iso.datetime(),
      /** Name of the person whose rollback it was; absent: another undo. */
      by: z.string().optional(),
    })
    .optional(),
  /** Of its first deploy, from change-cause or the annotation the catalogue names. */
  deployedBy: z.string().optional(),
  /** Minutes the journal saw it healthy. Absent: not known, which is never "good". */
  ranWellMinutes: z.number().optional(),
  /** It was rolled back from, at this time. */
  leftAt: z.iso.datetime().optional(),
});
export type Version = z.infer<typeof Version>;

export const PlannedService = z.object({
  service: z.string(),
  /** Without a uid: there is none of that name. */
  workload: z.object({ kind: WorkloadKind, name: z.string(), uid: z.string().optional() }).optional(),
  from: Version.optional(),
  to: Version.optional(),
  /** `to` ran just before `from`, or was deployed just before it where an undo has brought `from` back since. */
  isPrevious: z.boolean().default(false),
  /** One line of difference in plain words: "image v1.4.3 → v1.4.2; 2 env variables changed". */
  difference: z.string().default(''),
  /** The template difference by lines, values of env variables masked; for Details. At most 3,000 characters. */
  details: z.string().default(''),
  findings: z.array(Finding).default([]),
  /** The runbook's notes for this service, plain text. */
  notes: z.array(z.string()).default([]),
  /** Why this service cannot go. The others can. */
  refused: Refusal.optional(),
  /** Health path, for the text only. */
  healthPath: z.string().optional(),
});
export type PlannedService = z.infer<typeof PlannedService>;

export const ChecklistItem = z.object({
  id: z.string(),
  text: z.string(),
  link: z.string().optional(),
  /** `health`: the bot answers it from its own health checks. */
  answeredBy: z.enum(['person', 'health']).default('person'),
});
export type ChecklistItem = z.infer<typeof ChecklistItem>;

export const Plan = z.object({
  environment: z.object({
    name: z.string(),
    production: z.boolean(),
    /** Slack channel id. */
    channel: z.string(),
    namespace: z.string(),
    /** The kubeconfig context for printed commands; absent for the home cluster. */
    context: z.string().optional(),
  }),
  services: z.array(PlannedService),
  /** Every service of the catalogue was asked for. */
  fullSystem: z.boolean(),
  checklist: z.array(ChecklistItem),
  /** Who may roll back here, as Slack mentions or names, for refusals. */
  whoMay: z.array(z.string()),
  etaMinutes: z.number(),
  monitoringMinutes: z.number(),
  plannedAt: z.iso.datetime(),
});
export type Plan = z.infer<typeof Plan>;

/** The services that will be patched. */
export function going(plan: Plan): PlannedService[] {
  return plan.services.filter((s) => s.refused === undefined && s.to !== undefined);
}
