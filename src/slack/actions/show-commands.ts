/** "Show commands": the runbook's lines with names filled in, for whoever asked. Reads only, so anybody may. */
import { section } from '#blocks/blocks.ts';
import { preformatted } from '#blocks/escape.ts';
import { commands } from '#messages/commands.ts';
import type { Click } from '../click.ts';
import { kubectlUndo } from '../fallback.ts';
import type { Room } from '../room.ts';
import { rollbackOf } from './record.ts';

const PART = 2700;

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

export async function showCommands(room: Room, click: Click): Promise<void> {
  const rollback = await rollbackOf(room, click);
  if (rollback === undefined) return;
  const { spec, status } = rollback;
  const services = spec.targets.map(({ service }) => service);
  const text =
    status?.plan === undefined ? kubectlUndo(room.catalogue, spec.environment, services) : commands(status.plan);
  const blocks = parts(text).map((part) => section(preformatted(part)));
  await click.say('The commands to do it by hand', [section('*By hand*'), ...blocks]);
}
