/** What a person types: messages, and slash commands. */
import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../workspace.ts';
import { takeAnswer } from './answers.ts';
import { done, failureOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { commandPayload } from './payloads.ts';

interface Typed {
  userId: string;
  channel: Channel;
  text: string;
  threadTs?: string | undefined;
}

/** Text beginning with "/" is a command; anything else is posted. */
export async function typeText(core: Core, typed: Typed): Promise<Outcome> {
  const { userId, channel, text, threadTs } = typed;
  if (!channel.members.has(userId)) throw new SlackError('not_in_channel');
  if (channel.isArchived) throw new SlackError('is_archived');
  const trimmed = text.trim();
  if (!trimmed) throw new SlackError('no_text');
  if (trimmed.startsWith('/')) return runCommand(core, { ...typed, text: trimmed });
  core.workspace.messages.post({
    channel: channel.id,
    user: userId,
    text: escaped(trimmed),
    ...(threadTs === undefined ? {} : { threadTs }),
  });
  return done;
}

async function runCommand(core: Core, { userId, channel, text, threadTs }: Typed): Promise<Outcome> {
  const [command = ''] = text.split(/\s/, 1);
  const known = core.manifest.features.slash_commands.find((c) => c.command === command);
  const say = (words: string) => core.workspace.slackbot(userId, words, channel.id);
  if (!known) {
    say(`${command} is not a valid command.`);
    return { ok: false, error: 'invalid_command' };
  }
  if (threadTs !== undefined) {
    say(`${command} is not supported in threads. Sorry!`);
    return { ok: false, error: 'not_supported_in_threads' };
  }
  const rest = text.slice(command.length).trim();
  const payload = commandPayload(core, { userId, channel, command, text: known.should_escape ? escaped(rest) : rest });
  const delivery = await core.sockets.deliver({ type: 'slash_commands', payload, acceptsPayload: true });
  const failure = failureOf(delivery);
  if (failure !== undefined) {
    say(`${command} failed with the error "${failure}"`);
    return { ok: false, error: failure };
  }
  return answerCommand(core, { userId, channel, command }, delivery.kind === 'acked' ? delivery.payload : undefined);
}

/** The acknowledgement may carry a message: text alone, or a whole one. */
function answerCommand(
  core: Core,
  { userId, channel, command }: { userId: string; channel: Channel; command: string },
  payload: unknown,
): Outcome {
  const message = typeof payload === 'string' ? { text: payload } : payload;
  if (typeof message !== 'object' || message === null || Object.keys(message).length === 0) return done;
  try {
    takeAnswer(core, { user: userId, channel: channel.id }, message as Record<string, unknown>);
    return done;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    core.workspace.slackbot(userId, `${command} failed with the error "${error.error}"`, channel.id);
    return { ok: false, error: error.error };
  }
}

/** As Slack stores what people type. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
