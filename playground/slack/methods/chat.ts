/** chat.*: what the app says. Message rules (blocks, lengths, metadata) are checked here, before anything reaches the workspace. */
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Core } from '../core.ts';
import { messageLimits } from '../limits.ts';
import { lengthOf } from '../rules/rule.ts';
import { checkMessageBlocks } from '../rules/surface-rules.ts';
import { SlackError } from '../slack-error.ts';
import type { Channel } from '../workspace.ts';
import type { Message, Metadata, NewMessage } from '../workspace/messages.ts';
import { flag, json } from './arguments.ts';
import { findChannel, findMessage, findWritableChannel } from './channel-access.ts';
import { messageAnswer } from './message-answer.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';
import { permalink } from './permalink.ts';

const blocks = json(z.array(z.unknown()), 'invalid_blocks_format').optional();
const attachments = json(z.array(z.record(z.string(), z.unknown())), 'invalid_attachments').optional();
const metadata = json(z.record(z.string(), z.unknown()), 'invalid_metadata_format').optional();

const content = { text: z.string().optional(), blocks, attachments };
type Content = { text?: string | undefined; blocks?: unknown[] | undefined; attachments?: unknown[] | undefined };

const EventMetadata = z.object({
  event_type: z.string().regex(/^[A-Za-z0-9_]+$/),
  event_payload: z.record(z.string(), z.unknown()),
});

function checkText(text: string | undefined, max: number): void {
  if (text !== undefined && lengthOf(text) > max) throw new SlackError('msg_too_long');
}

export function checkContent({ text, blocks: given, attachments: attached }: Content): void {
  if (!text && !given?.length && !attached?.length) throw new SlackError('no_text');
  checkText(text, messageLimits.text);
  if (given) checkMessageBlocks(given);
}

function readMetadata(value: Record<string, unknown>): Metadata {
  const parsed = EventMetadata.safeParse(value);
  if (!parsed.success) throw new SlackError('invalid_metadata_format');
  if (Buffer.byteLength(JSON.stringify(value)) > messageLimits.metadataBytes)
    throw new SlackError('metadata_too_large');
  return parsed.data;
}

/** A reply to a reply has no thread to go to. */
function checkThread(core: Core, channel: Channel, threadTs: string | undefined): void {
  const root = threadTs === undefined ? undefined : core.workspace.messages.find(channel.id, threadTs);
  if (root?.threadTs !== undefined) throw new SlackError('cannot_reply_to_message');
}

function newMessage(core: Core, channel: Channel, args: Content & { thread_ts?: string | undefined }): NewMessage {
  const { text, blocks: given, attachments: attached, thread_ts: threadTs } = args;
  return {
    channel: channel.id,
    user: core.workspace.app.botUser,
    text: text ?? '',
    ...(given?.length ? { blocks: given as KnownBlock[] } : {}),
    ...(attached?.length ? { attachments: attached as Record<string, unknown>[] } : {}),
    ...(threadTs === undefined ? {} : { threadTs }),
  };
}

const postMessage = webMethod(
  { scopes: ['chat:write'], tier: 'posting', budget: (args) => String(args['channel']) },
  z.object({
    channel: z.string(),
    ...content,
    thread_ts: z.string().optional(),
    reply_broadcast: flag.optional(),
    metadata,
  }),
  (args, core): Answer => {
    const channel = findWritableChannel(core, args.channel);
    checkContent(args);
    checkThread(core, channel, args.thread_ts);
    const message = core.workspace.messages.post({
      ...newMessage(core, channel, args),
      ...(args.thread_ts !== undefined && args.reply_broadcast ? { broadcast: true } : {}),
      ...(args.metadata ? { metadata: readMetadata(args.metadata) } : {}),
    });
    return { channel: channel.id, ts: message.ts, message: messageAnswer(core, message) };
  },
);

const postEphemeral = webMethod(
  { scopes: ['chat:write'], tier: 'tier4' },
  z.object({ channel: z.string(), user: z.string(), ...content, thread_ts: z.string().optional() }),
  (args, core): Answer => {
    const channel = findWritableChannel(core, args.channel);
    checkContent(args);
    if (!channel.members.has(args.user)) throw new SlackError('user_not_in_channel');
    const message = core.workspace.messages.post({ ...newMessage(core, channel, args), ephemeralFor: args.user });
    return { message_ts: message.ts };
  },
);

/** Only the app's own messages; `refusal` is the word of the method that asks. */
function findOwnMessage(core: Core, channelId: string, ts: string, refusal: string): Message {
  const channel = findChannel(core, channelId);
  const message = findMessage(core, channel.id, ts);
  if (message.user !== core.workspace.app.botUser) throw new SlackError(refusal);
  if (channel.isArchived) throw new SlackError('is_archived');
  return message;
}

/** Text without blocks takes the blocks away; left out, attachments and metadata stay. */
function edit(core: Core, message: Message, args: Content & { metadata?: Record<string, unknown> | undefined }): void {
  const { text, blocks: given, attachments: attached, metadata: about } = args;
  if (given?.length) message.blocks = core.workspace.messages.withIds(given as KnownBlock[]);
  else if (text !== undefined || given) delete message.blocks;
  if (attached?.length) message.attachments = attached as Record<string, unknown>[];
  else if (attached) delete message.attachments;
  if (about && Object.keys(about).length === 0) delete message.metadata;
  else if (about) message.metadata = readMetadata(about);
  message.text = text ?? message.text;
  message.edited = { user: core.workspace.app.botUser, ts: core.workspace.timestamps.next() };
  core.workspace.messages.changed(message);
}

const update = webMethod(
  { scopes: ['chat:write'], tier: 'tier3' },
  z.object({ channel: z.string(), ts: z.string(), ...content, metadata }),
  (args, core): Answer => {
    const message = findOwnMessage(core, args.channel, args.ts, 'cant_update_message');
    checkContent(args);
    checkText(args.text, messageLimits.updateText);
    edit(core, message, args);
    return {
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageAnswer(core, message),
    };
  },
);

const remove = webMethod(
  { scopes: ['chat:write'], tier: 'tier3' },
  z.object({ channel: z.string(), ts: z.string() }),
  ({ channel, ts }, core): Answer => {
    const message = findOwnMessage(core, channel, ts, 'cant_delete_message');
    core.workspace.messages.delete(message);
    return { channel: message.channel, ts };
  },
);

const getPermalink = webMethod(
  { tier: 'none' },
  z.object({ channel: z.string(), message_ts: z.string() }),
  ({ channel, message_ts: ts }, core): Answer => {
    const message = findMessage(core, findChannel(core, channel).id, ts);
    return { channel: message.channel, permalink: permalink(core, message) };
  },
);

export const chat: MethodFamily = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
