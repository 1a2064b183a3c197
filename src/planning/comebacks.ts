/** Which rollback brought which version of a workload back, as the rollbacks themselves tell. Pure. */
import type { Rollback } from '#rollback/rollback.ts';
import type { WorkloadKind } from '#rollback/workload.ts';

interface Comeback {
  templateHash: string;
  /** When it was patched. */
  at: string;
  /** Name of whose rollback it was. */
  by: string;
  /** The number that it got; the same version under another number came back some other way since. */
  revision?: number;
}

/** Oldest first. */
export type Comebacks = readonly Comeback[];

export function comebacksOf(
  rollbacks: readonly Rollback[],
  environment: string,
  workload: { kind: WorkloadKind; name: string },
): Comebacks {
  const isMeant = (named?: { kind: string; name: string }): boolean =>
    named?.kind === workload.kind && named.name === workload.name;
  const found = rollbacks
    .filter(({ spec }) => spec.environment === environment)
    .flatMap(({ spec, status }) =>
      (status?.plan?.services ?? []).flatMap((planned): Comeback[] => {
        const target = status?.targets.find(({ service }) => service === planned.service);
        if (!isMeant(planned.workload) || planned.to === undefined || target?.patchedAt === undefined) return [];
        const { revision, patchedAt: at } = target;
        const { templateHash } = planned.to;
        return [{ templateHash, at, by: spec.requestedBy.name, ...(revision === undefined ? {} : { revision }) }];
      }),
    );
  return found.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What brought this version back last; undefined: no rollback that is known. */
export function comebackOf(
  comebacks: Comebacks,
  { templateHash, revision }: { templateHash: string; revision: number },
): Comeback | undefined {
  const last = comebacks.findLast((comeback) => comeback.templateHash === templateHash);
  return last?.revision === undefined || last.revision === revision ? last : undefined;
}
