/** `/rollback …`: opens the form at once, or answers the person alone. */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { escape } from '#blocks/escape.ts';
import type { Person } from '#rollback/spec.ts';
import type { Say } from '../answer.ts';
import { emptyState, ONE, type FormState } from '../form/form-state.ts';
import { openForm } from '../form/show-form.ts';
import type { Room } from '../room.ts';
import { helpText, LOCKS } from './help.ts';
import { historyText } from './history.ts';
import { parseCommand, type Command, type OpenCommand } from './parse.ts';
import { statusText } from './status.ts';

/** On the buttons below "did you mean": the line to open. */
export const OPEN_LINE = 'rollback.open_line';
export const OPEN_AS_TYPED = 'rollback.open_as_typed';

/** How the line was read, for the form: the person sees what the bot understood. */
export function readAs(command: OpenCommand): string {
  const { services, fullSystem, environment, to, reason } = command;
  const subject = fullSystem ? 'all services' : services.join(', ') || 'no service named';
  return [
    subject,
    environment ?? 'no environment named',
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(command.dryRun ? ['dry run'] : []),
    ...(command.drill ? ['drill'] : []),
    ...(reason === undefined ? [] : [`reason “${reason}”`]),
  ].join(' · ');
}

/** A typed reason is "other" until the person taps one of the runbook's. */
export function stateOf(command: OpenCommand, channel: string | undefined, line: string): FormState {
  const { environment, services, fullSystem, to, dryRun, drill, reason } = command;
  const [only] = services;
  return {
    ...emptyState(),
    ...(environment === undefined ? {} : { environment }),
    services,
    fullSystem,
    to: to === undefined ? {} : { [only ?? ONE]: to },
    reason: reason === undefined ? {} : { kind: 'other', text: reason },
    dryRun,
    drill,
    ...(channel === undefined ? {} : { channel }),
    ...(line.trim() === '' ? {} : { readAs: readAs(command) }),
  };
}

export interface Typed {
  text: string;
  asTyped?: boolean;
  person: Person;
  channel?: string | undefined;
  triggerId: string;
  say: Say;
}

async function sayProblem(say: Say, text: string, problem: Extract<Command, { kind: 'problem' }>): Promise<void> {
  const { message, instead } = problem;
  const words = `${escape(message)} Nothing was started.`;
  if (instead === undefined) return await say(`${words}\n\`/rollback help\` shows what can be typed.`);
  const line = instead.replace(/^\/rollback /, '');
  const buttons = actions('did_you_mean', [
    button({ id: OPEN_LINE, text: `Open ${instead}`, value: line.slice(0, 2000), style: 'primary' }),
    button({ id: OPEN_AS_TYPED, text: 'Open as typed', value: text.slice(0, 2000) }),
  ]);
  await say(`${words} \`${escape(instead)}\``, [section(`${words}\n\`${escape(instead)}\``), ...buttons]);
}

export async function runCommand(room: Room, typed: Typed): Promise<void> {
  const { text, asTyped = false, person, channel, triggerId, say } = typed;
  const command = parseCommand(text, room.catalogue, { asTyped });
  switch (command.kind) {
    case 'open':
      return await openForm(room, triggerId, stateOf(command, channel, text), person);
    case 'history':
      return await say(await historyText(room, command.environment, command.service));
    case 'status':
      return await say(statusText(room.rollbacks, command.environment, room.clock.now()));
    case 'locks':
      return await say(LOCKS);
    case 'help':
      return await say(helpText(room.catalogue));
    case 'problem':
      return await sayProblem(say, text, command);
  }
}
