/** Messages an app sends back to a person: the payload of a command's acknowledgement, and posts to a response_url. */
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Core } from '../core.ts';
import { checkContent } from '../methods/chat.ts';
import { readArguments } from '../methods/arguments.ts';
import type { NewMessage } from '../workspace/messages.ts';
import type { ResponseTarget } from './response-urls.ts';

const Answer = z.object({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  attachments: z.array(z.record(z.string(), z.unknown())).optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});
type Answer = z.infer<typeof Answer>;

function newMessage(core: Core, { user, channel }: ResponseTarget, answer: Answer): NewMessage {
  return {
    channel,
    user: core.workspace.app.botUser,
    text: answer.text ?? '',
    ...(answer.blocks?.length ? { blocks: answer.blocks as KnownBlock[] } : {}),
    ...(answer.attachments?.length ? { attachments: answer.attachments } : {}),
    ...(answer.thread_ts === undefined ? {} : { threadTs: answer.thread_ts }),
    ...(answer.response_type === 'ephemeral' ? { ephemeralFor: user } : {}),
  };
}

/** Posts, replaces or deletes as the answer says. Refuses blocks and texts as `chat.postMessage` does. */
export function takeAnswer(core: Core, target: ResponseTarget, raw: Record<string, unknown>): void {
  const { messages, timestamps, app } = core.workspace;
  const answer = readArguments(Answer, raw);
  const original = target.messageTs === undefined ? undefined : messages.find(target.channel, target.messageTs);
  if (answer.delete_original) {
    if (original) messages.delete(original);
    return;
  }
  checkContent(answer);
  if (answer.replace_original && original) {
    original.text = answer.text ?? '';
    if (answer.blocks?.length) original.blocks = messages.withIds(answer.blocks as KnownBlock[]);
    else delete original.blocks;
    original.edited = { user: app.botUser, ts: timestamps.next() };
    messages.changed(original);
    return;
  }
  const withThread =
    answer.thread_ts === undefined && target.threadTs !== undefined ? { thread_ts: target.threadTs } : {};
  messages.post(newMessage(core, target, { ...answer, ...withThread }));
}
