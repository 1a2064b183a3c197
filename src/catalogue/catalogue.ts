/**
 * The company as data: environments, services, people, checklist, timings. `catalogue.yaml` → Catalogue, validated once at the edge.
 * Everything else receives a parsed Catalogue and asks it nothing twice.
 */
import { WorkloadKind } from '#rollback/workload.ts';
import { z } from 'zod';

const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a lower-case DNS label, such as auth-service');
const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack user id, such as U0123ABCD');
const slackGroup = z.string().regex(/^S[A-Z0-9]{2,}$/, 'a Slack user group id, such as S0123ABCD');
const slackChannel = z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'a Slack channel id, such as C0123ABCD');
/** By name, and by nothing that every object has: "constructor" is no service. */
const named = <T extends z.ZodType>(entry: T) =>
  z
    .record(dnsLabel, entry)
    .transform((entries) => Object.assign(Object.create(null) as Record<string, z.infer<T>>, entries));
const minutes = z.number().positive();

/** Who may: by ids only. Both empty: nobody may. */
export const WhoMay = z.strictObject({
  users: z.array(slackUser).default([]),
  groups: z.array(slackGroup).default([]),
  /** How people call them in a refusal: "@oncall-backend". */
  shownAs: z.string().optional(),
});
export type WhoMay = z.infer<typeof WhoMay>;

export const Environment = z.strictObject({
  /** A kubeconfig context; absent: the cluster the bot runs in. */
  context: z.string().optional(),
  namespace: dnsLabel,
  /** Put before each workload name: "stg-". */
  namePrefix: z.string().default(''),
  aliases: z.array(dnsLabel).default([]),
  /** Asks for its name to be typed before a full-system rollback; drills are refused here. */
  production: z.boolean().default(false),
  channel: slackChannel,
  /** Health paths are appended to it: https://api.lomashwood.com */
  baseUrl: z.url().optional(),
  mayRollBack: WhoMay,
  /** Secret names may be read here (an overlay grants it); otherwise "not checked". */
  readsSecrets: z.boolean().default(false),
});
export type Environment = z.infer<typeof Environment>;

export const Service = z.strictObject({
  /** What runs it. StatefulSets and DaemonSets need a role of their own (k8s/optional/). */
  kind: WorkloadKind.default('Deployment'),
  /** The workload's name without the environment's prefix; default: the service's name. */
  workload: dnsLabel.optional(),
  aliases: z.array(dnsLabel).default([]),
  healthPath: z.string().startsWith('/', 'a path that begins with /').optional(),
  /** All other services' health paths pass through this one. */
  gateway: z.boolean().default(false),
  /** Label → URL: dashboards, runbooks. */
  links: z.record(z.string(), z.url()).default({}),
  /** The runbook's notes, one plain sentence each; shown before pressing and in the thread. */
  notes: z.array(z.string()).default([]),
});
export type Service = z.infer<typeof Service>;

export const ChecklistEntry = z.strictObject({
  id: dnsLabel,
  text: z.string().max(200),
  link: z.url().optional(),
  answeredBy: z.enum(['person', 'health']).default('person'),
});

export const CataloguePerson = z.strictObject({
  slack: slackUser,
  name: z.string(),
  kubernetes: z.string().optional(),
});

export const Catalogue = z.strictObject({
  environments: named(Environment),
  services: named(Service),
  people: z.array(CataloguePerson).default([]),
  checklist: z.array(ChecklistEntry).max(20),
  timings: z
    .strictObject({
      etaMinutes: minutes.default(10),
      monitoringMinutes: minutes.default(15),
      /** A version that was seen healthy for this long counts as known good. */
      knownGoodMinutes: minutes.default(10),
      /** The capture budget per service. */
      captureSeconds: z.number().positive().default(3),
    })
    .prefault({}),
});
export type Catalogue = z.infer<typeof Catalogue>;

/** The workload's name of a service in an environment. */
export function workloadName(catalogue: Catalogue, environment: string, service: string): string {
  const prefix = catalogue.environments[environment]?.namePrefix ?? '';
  return prefix + (catalogue.services[service]?.workload ?? service);
}

/** What runs a service in an environment; a Deployment, where the catalogue says nothing of it. */
export function workloadOf(
  catalogue: Catalogue,
  environment: string,
  service: string,
): { kind: WorkloadKind; name: string } {
  const kind = catalogue.services[service]?.kind ?? 'Deployment';
  return { kind, name: workloadName(catalogue, environment, service) };
}

/** Every kind that some service is of. */
export function kindsOf({ services }: Catalogue): Set<WorkloadKind> {
  return new Set(Object.values(services).map(({ kind }) => kind));
}
