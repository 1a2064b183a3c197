/**
 * The runbook's own commands with names filled in: what a person types when the bot cannot. Plain text. Revision numbers move with every
 * undo, so they are those of the moment somebody asks; where the cluster does not answer, a number that may be stale is not printed.
 */
import type { Plan, PlannedService, Version } from '#rollback/plan.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { kubectlName } from '#rollback/workload.ts';

/** Versions of each service as they are now, newest first; a service that could not be read is missing. */
export type LiveVersions = ReadonlyMap<string, readonly HistoryEntry[]>;

type Told = Pick<RollbackStatus, 'targets'> & { plan: Plan };

/** What a kubectl author typed may stand here: only what no shell reads as more than a name. */
function plain(text: string, instead: string): string {
  return /^[\w.][\w.-]*$/.test(text) ? text : instead;
}

function flags({ environment: { namespace, context } }: Plan): string {
  return `-n ${plain(namespace, 'NAMESPACE')}${context === undefined ? '' : ` --context ${context}`}`;
}

const nameOf = ({ service, workload }: PlannedService): string => plain(workload?.name ?? service, 'NAME');

/** "statefulset/auth-db". */
function workloadOf(service: PlannedService): string {
  return kubectlName({ kind: service.workload?.kind ?? 'Deployment', name: nameOf(service) });
}

function undoLine(plan: Plan, service: PlannedService, revision: number | string): string {
  return `kubectl rollout undo ${workloadOf(service)} --to-revision=${revision} ${flags(plan)}`;
}

/** Of a service that was never patched: to the version asked for, or planned, where its number is known. */
export function undoCommand(plan: Plan, service: PlannedService, asked?: string): string {
  if (asked !== undefined && /^\d+$/.test(asked)) return undoLine(plan, service, asked);
  const { to } = service;
  if (to !== undefined && to.revision > 0) return undoLine(plan, service, to.revision);
  if (asked !== undefined) return undoLine(plan, service, plain(`NUMBER-OF-${asked}`, 'NUMBER'));
  return `kubectl rollout undo ${workloadOf(service)} ${flags(plan)}`;
}

const labelled = ({ version, revision }: Pick<Version, 'version' | 'revision'>): string =>
  revision > 0 ? `${version} (revision ${revision})` : version;

interface Way {
  words: string;
  to: HistoryEntry;
}

/** Where one can go from what runs now: to the target, or, once it is reached, back to what ran before and further back. */
function ways({ from, to }: PlannedService, versions: readonly HistoryEntry[]): Way[] {
  const find = (version: Version | undefined): HistoryEntry | undefined =>
    versions.find(({ templateHash, current }) => templateHash === version?.templateHash && !current);
  const target = find(to);
  if (target) return [{ words: 'as planned', to: target }];
  const before = find(from);
  const further = versions.find(
    (one) => !one.current && one.leftAt === undefined && one.templateHash !== from?.templateHash,
  );
  return [
    ...(before ? [{ words: 'what ran before the rollback', to: before }] : []),
    ...(further ? [{ words: before ? 'further back' : 'the newest that was not left', to: further }] : []),
  ];
}

/** Without an answer of the cluster: the planned number holds as long as nothing was patched. */
function unseen(told: Told, service: PlannedService): string[] {
  const { plan, targets } = told;
  const isPatched = targets.some((target) => target.service === service.service && target.patchedAt !== undefined);
  const { to } = service;
  const known = !isPatched && to !== undefined && to.revision > 0 ? to.revision : undefined;
  const which = to === undefined ? 'the version you want' : to.version;
  return [
    known === undefined
      ? `# the cluster did not answer: NUMBER is that of ${which} in the history above`
      : `# to ${which}, by the number it had at ${plan.plannedAt.slice(11, 16)} UTC: compare with the history above`,
    undoLine(plan, service, known ?? 'NUMBER'),
  ];
}

function linesOf(told: Told, service: PlannedService, versions: readonly HistoryEntry[] | undefined): string[] {
  const { plan } = told;
  const workload = workloadOf(service);
  const current = versions?.find((version) => version.current);
  const undo =
    versions === undefined || current === undefined
      ? unseen(told, service)
      : ways(service, versions).flatMap(({ words, to }) => [
          `# to ${labelled(to)}, ${words}`,
          undoLine(plan, service, to.revision),
        ]);
  return [
    `# ${service.service}${current === undefined ? '' : `: now ${labelled(current)}`}`,
    `kubectl rollout history ${workload} ${flags(plan)}`,
    ...told.targets.flatMap(({ service: of, state, heldUpBy }) =>
      of === service.service && state === 'Patched' && heldUpBy !== undefined ? [`# ${heldUpBy}`] : [],
    ),
    ...(undo.length === 0 ? ['# no other version is left in the history'] : undo),
    `kubectl rollout status ${workload} ${flags(plan)}`,
    `kubectl get pods -l app=${nameOf(service)} ${flags(plan)}`,
  ];
}

/** Looking, going back, watching, checking: for every service of the plan. */
export function commands(told: Told, live: LiveVersions): string {
  return told.plan.services.map((service) => linesOf(told, service, live.get(service.service)).join('\n')).join('\n\n');
}
