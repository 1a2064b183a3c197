import type { Core } from '../core.ts';
import { fileAnswer } from './file-answer.ts';
import type { Message } from '../workspace/messages.ts';
import type { Answer } from './method.ts';

/**
 * A message as the Web API answers it. Without `allMetadata` the payload of metadata is kept back, as `conversations.history` does by
 * default.
 */
export function messageAnswer(core: Core, message: Message, { allMetadata = true } = {}): Answer {
  const { workspace } = core;
  const user = workspace.users.get(message.user);
  const root = message.threadTs === undefined ? undefined : workspace.messages.find(message.channel, message.threadTs);
  return {
    type: 'message',
    ...subtypeOf(message),
    user: message.tombstone ? 'USLACKBOT' : message.user,
    ...(user?.botId === undefined ? {} : { bot_id: user.botId }),
    ...(message.user === workspace.app.botUser ? { app_id: workspace.app.id } : {}),
    team: workspace.team.id,
    text: message.text,
    ts: message.ts,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(root ? { thread_ts: root.ts, parent_user_id: root.user } : {}),
    ...threadOf(message),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.files.length > 0 ? { files: message.files.flatMap((id) => fileOf(core, id)) } : {}),
    ...(message.reactions.length > 0 ? { reactions: reactionsOf(message) } : {}),
    ...(message.metadata
      ? { metadata: allMetadata ? message.metadata : { ...message.metadata, event_payload: {} } }
      : {}),
  };
}

function subtypeOf(message: Message): Answer {
  if (message.tombstone) return { subtype: 'tombstone', hidden: true };
  return message.broadcast ? { subtype: 'thread_broadcast' } : {};
}

function threadOf({ ts, replies }: Message): Answer {
  const last = replies.at(-1);
  if (!last) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: last.ts,
  };
}

function fileOf(core: Core, id: string): Answer[] {
  const file = core.workspace.files.find(id);
  return file ? [fileAnswer(core, file)] : [];
}

function reactionsOf(message: Message): Answer[] {
  return message.reactions.map(({ name, users }) => ({ name, users, count: users.length }));
}
