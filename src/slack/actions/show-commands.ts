/** "Show commands": the runbook's lines with names filled in, for whoever asked. Reads only, so anybody may. */
import { section } from '#blocks/blocks.ts';
import { preformatted } from '#blocks/escape.ts';
import { commands, type LiveVersions } from '#messages/commands.ts';
import type { HistoryEntry } from '#rollback/ports.ts';
import type { Click } from '../click.ts';
import { abortable } from '../deadline.ts';
import { kubectlUndo } from '../fallback.ts';
import type { Room } from '../room.ts';
import { rollbackOf } from './record.ts';

const PART = 2700;
const HISTORY_MS = 2500;

/** Pieces that each fit one block, cut between services. */
function parts(text: string): string[] {
  const pieces: string[] = [];
  for (const paragraph of text.split('\n\n')) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + paragraph.length < PART)
      pieces[pieces.length - 1] = `${last}\n\n${paragraph}`;
    else pieces.push(paragraph);
  }
  return pieces;
}

/** What exists now, of every service at once; who cannot be read in time is left out. */
async function liveVersions(room: Room, environment: string, services: readonly string[]): Promise<LiveVersions> {
  const read = (service: string): Promise<HistoryEntry[]> =>
    abortable(HISTORY_MS, 'history', (signal) => room.planner.history(environment, service, signal));
  const answers = await Promise.allSettled(services.map(read));
  return new Map(
    answers.flatMap((answer, at) => (answer.status === 'fulfilled' ? [[services[at] ?? '', answer.value]] : [])),
  );
}

export async function showCommands(room: Room, click: Click): Promise<void> {
  const rollback = await rollbackOf(room, click);
  if (rollback === undefined) return;
  const { spec, status } = rollback;
  const services = spec.targets.map(({ service }) => service);
  const plan = status?.plan;
  const text =
    status === undefined || plan === undefined
      ? kubectlUndo(room.catalogue, spec.environment, services)
      : commands({ ...status, plan }, await liveVersions(room, spec.environment, services));
  const blocks = parts(text).map((part) => section(preformatted(part)));
  await click.say('The commands to do it by hand', [section('*By hand*, as of now'), ...blocks]);
}
