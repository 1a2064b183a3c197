/** What one person's client sees: the workspace through their eyes. */
import type {
  ChannelView,
  ClientEvent,
  FileView,
  MessageView,
  OpenView,
  Snapshot,
  UserView,
} from '../client-protocol.ts';
import type { Core } from '../core.ts';
import { filePath } from '../methods/file-answer.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel, User } from '../workspace.ts';
import type { Change } from '../workspace/change.ts';
import type { Message } from '../workspace/messages.ts';
import { compareTs } from '../workspace/timestamps.ts';
import type { StoredView } from '../workspace/views.ts';

function userView({ id, name, realName, role, isBot, isRestricted, color }: User): UserView {
  return { id, name, realName, role, isBot, isRestricted, color };
}

function channelView(core: Core, channel: Channel, userId: string): ChannelView {
  const { id, name, topic, members } = channel;
  return { id, name, topic, isMember: members.has(userId), appIsMember: members.has(core.workspace.app.botUser) };
}

function fileView(core: Core, id: string): FileView[] {
  const file = core.workspace.files.find(id);
  if (!file) return [];
  const { name, title, mimetype, size } = file;
  return [{ id, name, title, mimetype, size, url: filePath(file) }];
}

export function messageView(core: Core, message: Message): MessageView {
  const last = message.replies.at(-1);
  const { channel, ts, threadTs, broadcast, blocks, edited } = message;
  return {
    channel,
    ts,
    user: message.user,
    text: message.text,
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(broadcast ? { broadcast } : {}),
    ...(blocks ? { blocks } : {}),
    ...(message.files.length > 0 ? { files: message.files.flatMap((id) => fileView(core, id)) } : {}),
    ...(message.reactions.length > 0 ? { reactions: message.reactions } : {}),
    // Slack shows "(edited)" on texts only, not on edited blocks.
    ...(edited && !blocks ? { editedAt: Math.floor(Number(edited.ts) * 1000) } : {}),
    ...(message.ephemeralFor === undefined ? {} : { ephemeral: true }),
    ...(last
      ? {
          thread: {
            replies: message.replies.length,
            users: [...new Set(message.replies.map((m) => m.user))],
            lastTs: last.ts,
          },
        }
      : {}),
  };
}

function openView({ id, hash, view }: StoredView): OpenView {
  return { id, hash, callbackId: view.callback_id ?? '', view };
}

export function openViews(core: Core, userId: string): OpenView[] {
  return core.workspace.views.stack(userId).map(openView);
}

export function visibleChannels(core: Core, userId: string): Channel[] {
  return [...core.workspace.channels.values()].filter((channel) => core.workspace.mayRead(userId, channel));
}

/** Everything this person sees now. Ephemerals are gone, as after a reload. */
export function snapshot(core: Core, userId: string): Snapshot {
  const { workspace, manifest } = core;
  const me = workspace.users.get(userId);
  if (!me) throw new SlackError('user_not_found');
  workspace.directMessages(userId);
  const channels = visibleChannels(core, userId);
  const home = workspace.views.home(userId)?.view;
  return {
    me: userView(me),
    users: [...workspace.users.values()].map(userView),
    usergroups: [...workspace.usergroups.values()].map(({ id, handle }) => ({ id, handle })),
    channels: channels.map((channel) => channelView(core, channel, userId)),
    messages: channels
      .flatMap((channel) => workspace.messages.of(channel.id))
      .filter((message) => message.ephemeralFor === undefined)
      .toSorted((a, b) => compareTs(a.ts, b.ts))
      .map((message) => messageView(core, message)),
    commands: manifest.features.slash_commands.map((c) => ({
      command: c.command,
      description: c.description,
      usageHint: c.usage_hint,
    })),
    shortcuts: manifest.features.shortcuts.map((s) => ({
      name: s.name,
      type: s.type,
      callbackId: s.callback_id,
      description: s.description,
    })),
    app: { ...workspace.app, connected: core.sockets.size > 0 },
    views: openViews(core, userId),
    ...(home ? { home } : {}),
    now: core.clock.now(),
  };
}

function maySee(core: Core, userId: string, message: Message): boolean {
  if (message.ephemeralFor !== undefined) return message.ephemeralFor === userId;
  const channel = core.workspace.channels.get(message.channel);
  return channel !== undefined && core.workspace.mayRead(userId, channel);
}

/** A change as this person's client hears of it; `undefined`: it is not for them. */
export function clientEvent(core: Core, userId: string, change: Change): ClientEvent | undefined {
  switch (change.type) {
    case 'message':
      if (!maySee(core, userId, change.message)) return undefined;
      return { type: 'message', message: messageView(core, change.message) };
    case 'message_deleted':
      if (!maySee(core, userId, change.message)) return undefined;
      return { type: 'message_deleted', channel: change.message.channel, ts: change.message.ts };
    case 'views':
      return change.user === userId ? { type: 'views', views: openViews(core, userId) } : undefined;
    case 'home': {
      const view = core.workspace.views.home(userId)?.view;
      return change.user === userId && view ? { type: 'home', view } : undefined;
    }
    case 'view_errors': {
      const { user, ...event } = change;
      return user === userId ? event : undefined;
    }
    case 'slackbot': {
      const { user, ...event } = change;
      return user === userId ? event : undefined;
    }
    case 'reset':
      return { type: 'snapshot', snapshot: snapshot(core, userId) };
    case 'app':
    case 'clock':
      return change;
  }
}
