/** conversations.*: channels and what stands in them. */
import { z } from 'zod';
import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../workspace.ts';
import { isWithin } from '../workspace/messages.ts';
import type { Message } from '../workspace/messages.ts';
import { count, flag } from './arguments.ts';
import { findChannel, scopeByKind } from './channel-access.ts';
import { messageAnswer } from './message-answer.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';
import { page } from './page.ts';

function channelAnswer(core: Core, channel: Channel): Answer {
  const isIm = channel.kind === 'im';
  return {
    id: channel.id,
    ...(isIm ? {} : { name: channel.name, name_normalized: channel.name }),
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: isIm,
    is_private: channel.kind !== 'public',
    is_archived: channel.isArchived,
    is_general: channel.name === 'general',
    is_member: channel.members.has(core.workspace.app.botUser),
    is_shared: false,
    is_ext_shared: false,
    created: Math.floor(channel.createdAt / 1000),
    ...(isIm
      ? { user: [...channel.members].find((id) => id !== core.workspace.app.botUser) }
      : { topic: { value: channel.topic, creator: '', last_set: 0 }, num_members: channel.members.size }),
  };
}

/** Reading needs membership, as Slack asks of bots. */
function findReadableChannel(core: Core, id: string): Channel {
  const channel = findChannel(core, id);
  if (!channel.members.has(core.workspace.app.botUser)) throw new SlackError('not_in_channel');
  return channel;
}

const timeline = {
  channel: z.string(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  limit: count.optional(),
  cursor: z.string().optional(),
  include_all_metadata: flag.optional(),
};
type Timeline = z.infer<z.ZodObject<typeof timeline>>;

function answerPage(core: Core, messages: Message[], args: Timeline): Answer {
  const { items, next } = page(messages, args.cursor, args.limit ?? 100);
  return {
    messages: items.map((m) => messageAnswer(core, m, { allMetadata: args.include_all_metadata ?? false })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}

const history = webMethod({ scopes: scopeByKind('history') }, z.object(timeline), (args, core): Answer => {
  const channel = findReadableChannel(core, args.channel);
  const found = core.workspace.messages
    .history(channel.id)
    .filter((m) => isWithin(m.ts, args.oldest, args.latest, args.inclusive));
  return { ...answerPage(core, found.toReversed(), args), pin_count: 0 };
});

const replies = webMethod(
  { scopes: scopeByKind('history') },
  z.object({ ...timeline, ts: z.string() }),
  (args, core): Answer => {
    const channel = findReadableChannel(core, args.channel);
    const named = core.workspace.messages.find(channel.id, args.ts);
    const root = named?.threadTs === undefined ? named : core.workspace.messages.find(channel.id, named.threadTs);
    if (!root || root.ephemeralFor !== undefined) throw new SlackError('thread_not_found');
    const inRange = root.replies.filter((m) => isWithin(m.ts, args.oldest, args.latest, args.inclusive));
    return answerPage(core, [root, ...inRange], args);
  },
);

const members = webMethod(
  { scopes: scopeByKind('read'), tier: 'tier4' },
  z.object({ channel: z.string(), limit: count.optional(), cursor: z.string().optional() }),
  (args, core): Answer => {
    const { items, next } = page([...findChannel(core, args.channel).members], args.cursor, args.limit ?? 100);
    return { members: items, response_metadata: { next_cursor: next } };
  },
);

const join = webMethod({ scopes: ['channels:join'] }, z.object({ channel: z.string() }), (args, core): Answer => {
  const channel = findChannel(core, args.channel);
  if (channel.isArchived) throw new SlackError('is_archived');
  if (channel.kind !== 'public') throw new SlackError('method_not_supported_for_channel_type');
  channel.members.add(core.workspace.app.botUser);
  return { channel: channelAnswer(core, channel) };
});

const open = webMethod(
  { scopes: ['im:write'] },
  z.object({ users: z.string().optional(), channel: z.string().optional(), return_im: flag.optional() }),
  (args, core): Answer => {
    const users = args.users?.split(',') ?? [];
    if (users.length > 1) throw new SlackError('not_supported');
    const id = users[0] ?? args.channel ?? '';
    if (users[0] !== undefined && !core.workspace.users.has(users[0])) throw new SlackError('user_not_found');
    const channel = findChannel(core, id);
    return { channel: args.return_im ? channelAnswer(core, channel) : { id: channel.id } };
  },
);

const about = webMethod(
  { scopes: scopeByKind('read') },
  z.object({ channel: z.string() }),
  ({ channel }, core): Answer => ({ channel: channelAnswer(core, findChannel(core, channel)) }),
);

export const conversations: MethodFamily = {
  'conversations.info': about,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.members': members,
  'conversations.join': join,
  'conversations.open': open,
};
