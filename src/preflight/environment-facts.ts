/**
 * Reads what one environment's checks need beyond the caches: one call per kind, all at once, each with its own timeout, none of which can
 * fail the others. A read that fails makes its fact unknown. Secrets are read by name, and only where the environment grants it; of
 * ConfigMaps and Secrets only metadata is kept.
 */
import { z } from 'zod';
import { type Api, ApiError, ApiUnreachable, type MayI } from '#clients/kubernetes/api.ts';
import type { WorkloadKind } from '#rollback/workload.ts';
import type { Autoscaler, DisruptionBudget, Fact, NamedObject, Need } from './facts.ts';
import { concerns, NEEDS } from './needs-of-access.ts';

const READ_TIMEOUT_MS = 2_000;
const PAGE_SIZE = 250;
const MAX_PAGES = 8;

const Managed = z.object({ manager: z.string().optional(), time: z.string().optional() });
const Listed = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.string(),
    managedFields: z.array(Managed).default([]),
  }),
});
const List = z.object({
  metadata: z.object({ continue: z.string().optional() }).prefault({}),
  items: z.array(z.unknown()),
});
const Hpa = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
});
const Budget = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    minAvailable: z.union([z.number(), z.string()]).optional(),
    maxUnavailable: z.union([z.number(), z.string()]).optional(),
    selector: z
      .object({
        matchLabels: z.record(z.string(), z.string()).default({}),
        matchExpressions: z.array(z.unknown()).default([]),
      })
      .prefault({}),
  }),
  status: z.object({ disruptionsAllowed: z.number().default(0) }).prefault({}),
});

export interface EnvironmentFacts {
  configMaps: Fact<ReadonlyMap<string, NamedObject>>;
  secrets: Fact<ReadonlyMap<string, NamedObject>>;
  autoscalers: Fact<readonly Autoscaler[]>;
  disruptionBudgets: Fact<readonly DisruptionBudget[]>;
  denied: Fact<readonly Need[]>;
  /** Not one of the reads was answered at all. */
  isUnreachable: boolean;
}

/** Why a read failed, for people: no object names, no addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiError)
    return error.status === 403 ? 'the bot may not read it' : `the API server answered ${error.status}`;
  if (error instanceof RangeError) return 'too many objects';
  if (error instanceof z.ZodError) return 'the answer was not understood';
  return 'no answer in time';
}

/** No answer that says anything about the request: refused, timed out, or a server in trouble. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  return error instanceof ApiUnreachable || (error instanceof DOMException && error.name === 'TimeoutError');
}

async function listAll(api: Api, path: string, signal: AbortSignal): Promise<unknown[]> {
  const items: unknown[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const token = next === undefined ? '' : `&continue=${encodeURIComponent(next)}`;
    const answer = await api.get(`${path}?limit=${PAGE_SIZE}${token}`, { signal, timeoutMs: READ_TIMEOUT_MS });
    const list = List.parse(answer);
    items.push(...list.items);
    next = list.metadata.continue || undefined;
    if (next === undefined) return items;
  }
  throw new RangeError(`more than ${PAGE_SIZE * MAX_PAGES} objects`);
}

/** Metadata only: whatever the object holds is dropped here. */
function namedObject(raw: unknown): NamedObject {
  const { metadata } = Listed.parse(raw);
  const { name, creationTimestamp: createdAt, managedFields } = metadata;
  const newest = managedFields
    .filter((m) => m.time !== undefined && Date.parse(m.time) >= Date.parse(createdAt))
    .toSorted((a, b) => Date.parse(b.time ?? '') - Date.parse(a.time ?? ''))[0];
  const changedBy = newest?.manager === undefined ? {} : { changedBy: newest.manager };
  return { name, createdAt, changedAt: newest?.time ?? createdAt, ...changedBy };
}

function budget(raw: unknown): DisruptionBudget[] {
  const { metadata, spec, status } = Budget.parse(raw);
  // What expressions select cannot be told from labels alone here; saying nothing is better than saying it of the wrong service.
  if (spec.selector.matchExpressions.length > 0) return [];
  const rule =
    spec.maxUnavailable === undefined ? `at least ${spec.minAvailable ?? 1}` : `at most ${spec.maxUnavailable} away`;
  return [
    { name: metadata.name, selector: spec.selector.matchLabels, rule, disruptionsAllowed: status.disruptionsAllowed },
  ];
}

function autoscaler(raw: unknown): Autoscaler {
  const { metadata, spec } = Hpa.parse(raw);
  const { scaleTargetRef, minReplicas, maxReplicas } = spec;
  return { name: metadata.name, scales: `${scaleTargetRef.kind}/${scaleTargetRef.name}`, minReplicas, maxReplicas };
}

async function namedSecrets(
  api: Api,
  namespace: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NamedObject>> {
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
        return [namedObject(await api.get(path, { signal, timeoutMs: READ_TIMEOUT_MS }))];
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return [];
        throw error;
      }
    }),
  );
  return new Map(found.flat().map((one) => [one.name, one]));
}

async function deniedNeeds(
  { mayI, namespace, kinds = ['Deployment'] }: EnvironmentReads,
  signal: AbortSignal,
): Promise<Need[]> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
  const answers = await Promise.all(
    NEEDS.filter((need) => kinds.some((kind) => concerns(need, kind))).map(async (need) => {
      const { verb, group, resource, subresource } = need;
      const question = { verb, group, resource, namespace, ...(subresource === undefined ? {} : { subresource }) };
      return (await mayI(question, bounded)) ? [] : [need];
    }),
  );
  return answers.flat();
}

export interface EnvironmentReads {
  api: Api;
  mayI: MayI;
  namespace: string;
  /** Of the workloads asked for; default: Deployments. */
  kinds?: readonly WorkloadKind[];
  /** Secrets to look for by name; undefined: the environment does not grant it. */
  secretNames: readonly string[] | undefined;
}

/** Never rejects but for the caller's own abort. */
export async function readEnvironment(reads: EnvironmentReads, signal: AbortSignal): Promise<EnvironmentFacts> {
  const { api, namespace, secretNames } = reads;
  const trouble = new Map<object, unknown>();
  const asFact = async <T>(reading: Promise<T>): Promise<Fact<T>> => {
    try {
      return { known: true, value: await reading };
    } catch (error) {
      signal.throwIfAborted();
      const fact: Fact<T> = { known: false, why: reasonOf(error) };
      trouble.set(fact, error);
      return fact;
    }
  };
  const list = <T>(path: string, read: (raw: unknown) => T): Promise<Fact<T[]>> =>
    asFact(listAll(api, path, signal).then((items) => items.map(read)));
  const [objects, secrets, autoscalers, budgets, denied] = await Promise.all([
    list(`/api/v1/namespaces/${namespace}/configmaps`, namedObject),
    secretNames === undefined
      ? ({ known: false, why: 'the bot may not read Secrets here' } as const)
      : asFact(namedSecrets(api, namespace, secretNames, signal)),
    list(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, autoscaler),
    list(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, budget),
    asFact(deniedNeeds(reads, signal)),
  ]);
  return {
    configMaps: objects.known ? { known: true, value: new Map(objects.value.map((o) => [o.name, o])) } : objects,
    secrets,
    autoscalers,
    disruptionBudgets: budgets.known ? { known: true, value: budgets.value.flat() } : budgets,
    denied,
    // Permissions are not asked here: their answers may be remembered ones.
    isUnreachable: [objects, autoscalers, budgets].every((fact) => trouble.has(fact) && isOutage(trouble.get(fact))),
  };
}
