/** files.*: the way of uploading since `files.upload` ended: an address, the bytes, the completion that shares them. */
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { Core } from '../core.ts';
import { checkMessageBlocks } from '../rules/surface-rules.ts';
import { SlackError } from '../slack-error.ts';
import type { StoredFile } from '../workspace/files.ts';
import { count, json } from './arguments.ts';
import { findWritableChannel } from './channel-access.ts';
import { fileAnswer } from './file-answer.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';

const getUploadURLExternal = webMethod(
  { scopes: ['files:write'], tier: 'tier4' },
  z.object({ filename: z.string().min(1), length: count.min(1), alt_text: z.string().optional() }),
  ({ filename, length }, core): Answer => {
    const file = core.workspace.files.announce({
      name: filename,
      title: filename,
      size: length,
      user: core.workspace.app.botUser,
      createdAt: core.clock.now(),
    });
    return { upload_url: `${core.address.url}/upload/${file.id}`, file_id: file.id };
  },
);

/** The upload address took these bytes. Refuses a length other than the announced one. */
export function receiveUpload(core: Core, id: string, bytes: Buffer): void {
  const file = core.workspace.files.find(id);
  if (!file) throw new SlackError('file_not_found');
  if (core.faults.refuseUploads) throw new SlackError('upload_refused');
  if (bytes.length !== file.size) throw new SlackError('length_mismatch');
  file.bytes = bytes;
}

function findUploaded(core: Core, id: string): StoredFile {
  const file = core.workspace.files.find(id);
  if (!file?.bytes) throw new SlackError('file_not_found');
  return file;
}

function share(core: Core, files: StoredFile[], args: z.infer<typeof Completion>, channelId: string): void {
  const channel = findWritableChannel(core, channelId);
  const blocks = args.initial_comment === undefined ? args.blocks : undefined;
  if (blocks) {
    if (blocks.some((block) => block['type'] === 'markdown')) throw new SlackError('internal_error');
    checkMessageBlocks(blocks);
  }
  const message = core.workspace.messages.post({
    channel: channel.id,
    user: core.workspace.app.botUser,
    text: args.initial_comment ?? '',
    files: files.map(({ id }) => id),
    ...(blocks ? { blocks: blocks as unknown as KnownBlock[] } : {}),
    ...(args.thread_ts === undefined ? {} : { threadTs: args.thread_ts }),
  });
  for (const file of files) {
    file.shares.push({
      channel: channel.id,
      ts: message.ts,
      visibleAt: core.clock.now() + core.faults.shareDelayMs,
      ...(message.threadTs === undefined ? {} : { threadTs: message.threadTs }),
    });
  }
}

const Completion = z.object({
  files: json(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
  channel_id: z.string().optional(),
  channels: z.string().optional(),
  thread_ts: z.string().optional(),
  initial_comment: z.string().optional(),
  blocks: json(z.array(z.record(z.string(), z.unknown()))).optional(),
});

const completeUploadExternal = webMethod(
  { scopes: ['files:write'], tier: 'tier4' },
  Completion,
  (args, core): Answer => {
    const files = args.files.map(({ id, title }) => {
      const file = findUploaded(core, id);
      file.title = title ?? file.title;
      return file;
    });
    const beforeSharing = files.map((file) => fileAnswer(core, file));
    const channelId = args.channel_id ?? args.channels;
    if (channelId !== undefined) share(core, files, args, channelId);
    return { files: beforeSharing };
  },
);

const about = webMethod(
  { scopes: ['files:read'], tier: 'tier4' },
  z.object({ file: z.string() }),
  ({ file }, core): Answer => ({ file: fileAnswer(core, findUploaded(core, file)), comments: [] }),
);

export const files: MethodFamily = {
  'files.getUploadURLExternal': getUploadURLExternal,
  'files.completeUploadExternal': completeUploadExternal,
  'files.info': about,
};
