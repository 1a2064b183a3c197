import { z } from 'zod';
import { SlackError } from '../slack-error.ts';
import { findChannel, findMessage, findWritableChannel } from './channel-access.ts';
import { messageAnswer } from './message-answer.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';
import type { Workspace } from '../workspace.ts';
import type { Message } from '../workspace/messages.ts';

const named = z.object({ channel: z.string(), timestamp: z.string(), name: z.string().regex(/^[\w+-]+$/) });

/** Reacts once; `already_reacted` otherwise. */
export function addReaction(workspace: Workspace, message: Message, name: string, user: string): void {
  const reaction = message.reactions.find((r) => r.name === name);
  if (reaction?.users.includes(user)) throw new SlackError('already_reacted');
  if (reaction) reaction.users.push(user);
  else message.reactions.push({ name, users: [user] });
  workspace.messages.changed(message);
}

/** Takes a reaction back; `no_reaction` when there was none. */
export function removeReaction(workspace: Workspace, message: Message, name: string, user: string): void {
  const reaction = message.reactions.find((r) => r.name === name && r.users.includes(user));
  if (!reaction) throw new SlackError('no_reaction');
  reaction.users = reaction.users.filter((id) => id !== user);
  message.reactions = message.reactions.filter((r) => r.users.length > 0);
  workspace.messages.changed(message);
}

const add = webMethod({ scopes: ['reactions:write'] }, named, (args, core): Answer => {
  const message = findMessage(core, findWritableChannel(core, args.channel).id, args.timestamp);
  addReaction(core.workspace, message, args.name, core.workspace.app.botUser);
  return {};
});

const remove = webMethod({ scopes: ['reactions:write'] }, named, (args, core): Answer => {
  const message = findMessage(core, findChannel(core, args.channel).id, args.timestamp);
  removeReaction(core.workspace, message, args.name, core.workspace.app.botUser);
  return {};
});

const get = webMethod(
  { scopes: ['reactions:read'] },
  z.object({ channel: z.string(), timestamp: z.string() }),
  (args, core): Answer => {
    const message = findMessage(core, findChannel(core, args.channel).id, args.timestamp);
    return { type: 'message', channel: message.channel, message: messageAnswer(core, message) };
  },
);

export const reactions: MethodFamily = { 'reactions.add': add, 'reactions.remove': remove, 'reactions.get': get };
