/** `/rollback history`: the versions of a service that still exist, newest first. */
import { escape, preformatted } from '#blocks/escape.ts';
import { workloadOf } from '#catalogue/catalogue.ts';
import { UnavailableError, type HistoryEntry } from '#rollback/ports.ts';
import { kubectlName } from '#rollback/workload.ts';
import { abortable, LateError } from '../deadline.ts';
import { ago, span, utc } from '../age.ts';
import type { Room } from '../room.ts';

const TIMEOUT_MS = 5000;

function came({ deployedAt, cameBack, current }: HistoryEntry, now: number): string {
  if (cameBack === undefined) return `from ${ago(deployedAt, now)}`;
  if (deployedAt === cameBack.firstDeployedAt) return 'brought back';
  return `back ${current ? 'since' : 'at'} ${utc(Date.parse(deployedAt), now)}`;
}

/** "current · last known good · ran well 3 h · from 2 days ago": what a person chooses by. What was left did not run well. */
export function historyNote(entry: HistoryEntry, now: number): string {
  const { current, lastKnownGood, ranWellMinutes, leftAt } = entry;
  const ran = ranWellMinutes === undefined ? undefined : span(ranWellMinutes * 60_000);
  return [
    ...(current ? ['current'] : []),
    ...(lastKnownGood ? ['last known good'] : []),
    ...(leftAt === undefined
      ? []
      : [`rolled back from ${ago(leftAt, now)}${ran === undefined ? '' : ` after ${ran}`}`]),
    ...(leftAt !== undefined || ran === undefined ? [] : [`ran well ${ran}`]),
    came(entry, now),
  ].join(' · ');
}

/** Who deployed it; of what an undo brought back first whose that was. */
function credit({ deployedBy, cameBack }: HistoryEntry, now: number): string {
  const who = deployedBy === undefined ? '' : ` by ${escape(deployedBy)}`;
  if (cameBack === undefined) return who === '' ? '' : ` ·${who}`;
  const how = cameBack.by === undefined ? 'by an undo' : `by a rollback of ${escape(cameBack.by)}`;
  return ` ${how} · first deployed ${ago(cameBack.firstDeployedAt, now)}${who}`;
}

function entryLine(entry: HistoryEntry, now: number): string {
  const number = entry.revision > 0 ? ` (revision ${entry.revision})` : '';
  return `• *${escape(entry.version)}*${number} — ${escape(historyNote(entry, now))}${credit(entry, now)}`;
}

export async function historyText(room: Room, environment: string, service: string): Promise<string> {
  try {
    const entries = await abortable(TIMEOUT_MS, 'history', (signal) =>
      room.planner.history(environment, service, signal),
    );
    const heading = `*${escape(service)} in ${escape(environment)}*`;
    if (entries.length === 0) return `${heading}: no version found. Is it deployed there?`;
    const lines = entries.slice(0, 20).map((entry) => entryLine(entry, room.clock.now()));
    const target = entries.find(({ lastKnownGood }) => lastKnownGood) ?? entries.find(({ current }) => !current);
    const example = target?.version ?? 'VERSION';
    const left = entries.length > 20 ? [`and ${entries.length - 20} older ones`] : [];
    return [
      heading,
      ...lines,
      ...left,
      `Go to one: \`/rollback ${service} ${environment} --to ${escape(example)}\``,
    ].join('\n');
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof LateError)) throw error;
    const place = room.catalogue.environments[environment];
    const workload = kubectlName(workloadOf(room.catalogue, environment, service));
    const context = place?.context === undefined ? '' : ` --context ${place.context}`;
    const command = `kubectl rollout history ${workload} -n ${place?.namespace ?? ''}${context}`;
    return `:warning: The cluster of ${escape(environment)} does not answer. By hand:\n${preformatted(command)}`;
  }
}
