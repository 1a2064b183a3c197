import type { Core } from '../core.ts';
import { extensionOf } from '../workspace/files.ts';
import type { StoredFile } from '../workspace/files.ts';
import type { Answer } from './method.ts';

/** A path on the same server. */
export function filePath(file: StoredFile): string {
  return `/files/${file.id}/${encodeURIComponent(file.name)}`;
}

/** A file as the Web API answers it. Shares appear only after a while, because sharing is asynchronous. */
export function fileAnswer(core: Core, file: StoredFile): Answer {
  const url = `${core.address.url}${filePath(file)}`;
  const shares = file.shares.filter(({ visibleAt }) => visibleAt <= core.clock.now());
  const byChannel: Record<string, Answer[]> = {};
  for (const { channel, ts, threadTs } of shares) {
    (byChannel[channel] ??= []).push({ ts, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) });
  }
  return {
    id: file.id,
    created: Math.floor(file.createdAt / 1000),
    timestamp: Math.floor(file.createdAt / 1000),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: extensionOf(file.name) || 'text',
    size: file.size,
    user: file.user,
    mode: 'hosted',
    url_private: url,
    url_private_download: url,
    permalink: url,
    channels: shares.map(({ channel }) => channel),
    ...(shares.length > 0 ? { shares: { public: byChannel } } : {}),
  };
}
