import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../workspace.ts';
import type { Message } from '../workspace/messages.ts';
import type { Args } from './method.ts';

/** The channel an argument names: its id, or a person's id for the direct messages with them. `channel_not_found` otherwise. */
export function findChannel(core: Core, id: string): Channel {
  const { workspace } = core;
  const user = workspace.users.get(id);
  if (user && !user.isBot) return workspace.directMessages(id);
  const channel = workspace.channels.get(id);
  const isHidden = channel && channel.kind !== 'public' && !channel.members.has(workspace.app.botUser);
  if (!channel || isHidden) throw new SlackError('channel_not_found');
  return channel;
}

/** A channel the app may post to now: `not_in_channel` (unless the manifest asks for chat:write.public), `is_archived`. */
export function findWritableChannel(core: Core, id: string): Channel {
  const channel = findChannel(core, id);
  if (channel.isArchived) throw new SlackError('is_archived');
  const isMember = channel.members.has(core.workspace.app.botUser);
  const mayPostAnywhere = core.manifest.oauth_config.scopes.bot.includes('chat:write.public');
  if (!isMember && !(mayPostAnywhere && channel.kind === 'public')) throw new SlackError('not_in_channel');
  return channel;
}

/** `channels:history` for a public channel, `groups:history` for a private one, `im:history` for direct messages. */
export function scopeByKind(right: 'history' | 'read') {
  return (args: Args, core: Core): readonly string[] => {
    const channel = core.workspace.channels.get(String(args['channel']));
    const prefix = { public: 'channels', private: 'groups', im: 'im' }[channel?.kind ?? 'public'];
    return [`${prefix}:${right}`];
  };
}

/** A message that is still there; ephemerals are not. */
export function findMessage(core: Core, channel: string, ts: string): Message {
  const message = core.workspace.messages.find(channel, ts);
  if (!message || message.tombstone || message.ephemeralFor !== undefined) throw new SlackError('message_not_found');
  return message;
}
