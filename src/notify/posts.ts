/** Posting, editing and finding the bot's messages through the Web API; Slack's errors sorted by what the caller can do about them. */
import { ErrorCode, type WebClient } from '@slack/web-api';
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';

export interface Post {
  channel: string;
  threadTs?: string;
  broadcast?: boolean;
  text: string;
  blocks: KnownBlock[];
  /** Rides in the metadata, so that a message whose answer was lost is found. */
  key: { rollback: string; slot: string };
  /** Hash of text and blocks. Rides along, so that a message which an older edit reached last is told from one that is up to date. */
  content: string;
}

/**
 * Why Slack did not do it. limited: nothing was done, wait `retryAfterMs` · lost: no answer, it may have been done, look before posting
 * again · missing: the message is not there any more · refused: Slack will not, until somebody changes something (`error` is its word).
 */
export class SlackFailure extends Error {
  override name = 'SlackFailure';
  readonly sort: 'limited' | 'lost' | 'missing' | 'refused';
  readonly retryAfterMs: number;
  constructor(sort: SlackFailure['sort'], message: string, retryAfterMs = 0) {
    super(message);
    this.sort = sort;
    this.retryAfterMs = retryAfterMs;
  }

  /** Slack takes this message neither laid out nor plain, and will not the next time either. */
  get isUnfit(): boolean {
    return this.sort === 'refused' && LAYOUT.has(this.message);
  }
}

/** Slack does not take the layout, and would not the next time either. */
const LAYOUT = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);
const MISSING = new Set(['message_not_found', 'thread_not_found']);
/** Slack's own troubles: the call may have been done. */
const LOST = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

const Coded = z.object({
  code: z.string(),
  retryAfter: z.number().optional(),
  data: z.object({ error: z.string().optional() }).loose().optional(),
});

/** Any rejection of a WebClient call, sorted. */
export function slackFailure(error: unknown): SlackFailure {
  if (error instanceof SlackFailure) return error;
  const { success, data: coded } = Coded.safeParse(error);
  if (!success) return new SlackFailure('lost', 'Slack did not answer');
  if (coded.code === (ErrorCode.RateLimitedError as string)) {
    return new SlackFailure('limited', 'ratelimited', (coded.retryAfter ?? 1) * 1000);
  }
  const word = coded.data?.error;
  if (word === undefined) return new SlackFailure('lost', coded.code);
  if (MISSING.has(word)) return new SlackFailure('missing', word);
  return new SlackFailure(LOST.has(word) ? 'lost' : 'refused', word);
}

export const METADATA_EVENT = 'rollback_slot';

const Found = z.object({
  ts: z.string(),
  metadata: z
    .object({
      event_type: z.string(),
      event_payload: z.object({ rollback: z.string(), slot: z.string(), content: z.string().optional() }).loose(),
    })
    .loose(),
});

/** Of 200 messages each. */
const FIND_PAGES = 10;
const TOO_MANY = 'too many messages since to look through them';

/** A message of one rollback, as Slack holds it. */
export interface FoundPost {
  ts: string;
  slot: string;
  /** What it shows; undefined where a bot of an earlier version wrote it. */
  content?: string | undefined;
}

/** The message, when it is one of this rollback's. */
function ours(message: unknown, rollback: string): FoundPost[] {
  const parsed = Found.safeParse(message);
  if (!parsed.success) return [];
  const { event_type: type, event_payload: payload } = parsed.data.metadata;
  const isOurs = type === METADATA_EVENT && payload.rollback === rollback;
  return isOurs ? [{ ts: parsed.data.ts, slot: payload.slot, content: payload.content }] : [];
}

export interface SlackPosts {
  /** The message's ts. `isOrphan`: the thread's root was gone, so it landed in the channel. Rejects with SlackFailure. */
  post(post: Post, signal: AbortSignal): Promise<{ ts: string; isOrphan: boolean }>;
  edit(post: Post & { ts: string }, signal: AbortSignal): Promise<void>;
  remove(channel: string, ts: string, signal: AbortSignal): Promise<void>;
  /** The oldest message that carries the key, in the channel or in the thread, since `sinceMs`; undefined: not there. */
  find(post: Post, sinceMs: number, signal: AbortSignal): Promise<string | undefined>;
  /** Every message of this rollback in the channel or in the thread since `sinceMs`. Rejects when there are too many to look through. */
  all(place: Place, sinceMs: number, signal: AbortSignal): Promise<FoundPost[]>;
}

/** A channel or a thread, and whose messages are looked for. */
type Place = Pick<Post, 'channel' | 'threadTs'> & { key: Pick<Post['key'], 'rollback'> };

/** The SDK's calls take no signal: an abort leaves them behind, and the next look-up finds what they did. */
async function sorted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([call, aborted]);
  } catch (error) {
    signal.throwIfAborted();
    throw slackFailure(error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** `isWhole`: the last page was reached. */
async function read(client: WebClient, { channel, threadTs, key }: Place, sinceMs: number, signal: AbortSignal) {
  const found: FoundPost[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < FIND_PAGES; pages++) {
    signal.throwIfAborted();
    const page = {
      channel,
      include_all_metadata: true,
      limit: 200,
      oldest: String(sinceMs / 1000),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer = await sorted(
      threadTs ? client.conversations.replies({ ...page, ts: threadTs }) : client.conversations.history(page),
      signal,
    );
    found.push(...(answer.messages ?? []).flatMap((message) => ours(message, key.rollback)));
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return { found, isWhole: true };
  }
  return { found, isWhole: false };
}

const PLAIN_NOTE =
  'Slack did not take the layout of this message, so its buttons are missing. `/rollback status` shows where it stands.';

/** The same facts as one sentence, for when Slack refuses the blocks: half a message is better than none (slack.md §4). */
function plainly<T extends Post>(post: T): T {
  const hasButtons = post.blocks.some(({ type }) => type === 'actions');
  return { ...post, text: hasButtons ? `${post.text}\n${PLAIN_NOTE}` : post.text, blocks: [] };
}

/** Calls with the post; when Slack refuses its layout, once more without. A refused call did nothing, so nothing is posted twice. */
async function withOrWithoutBlocks<T extends Post, Answer>(
  post: T,
  call: (post: T) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(post);
  } catch (error) {
    const isLayout = error instanceof SlackFailure && error.sort === 'refused' && LAYOUT.has(error.message);
    if (!isLayout || post.blocks.length === 0) throw error;
    return await call(plainly(post));
  }
}

/** `client` must neither retry nor wait for rate limits by itself: a repeated post is a second message (slack.md D7, D8). */
export function createPosts(client: WebClient): SlackPosts {
  const body = (p: Post) => ({
    channel: p.channel,
    text: p.text,
    ...(p.blocks.length === 0 ? {} : { blocks: p.blocks }),
    metadata: { event_type: METADATA_EVENT, event_payload: { ...p.key, content: p.content } },
  });
  return {
    async post(post, signal) {
      signal.throwIfAborted();
      const thread = post.threadTs ? { thread_ts: post.threadTs, reply_broadcast: post.broadcast === true } : {};
      const answer = await withOrWithoutBlocks(post, (one) =>
        sorted(client.chat.postMessage({ ...body(one), ...thread, unfurl_links: false, unfurl_media: false }), signal),
      );
      const isOrphan = post.threadTs !== undefined && answer.message?.thread_ts === undefined;
      return { ts: answer.ts!, isOrphan };
    },
    async edit(post, signal) {
      signal.throwIfAborted();
      await withOrWithoutBlocks(post, (one) => sorted(client.chat.update({ ...body(one), ts: post.ts }), signal));
    },
    async remove(channel, ts, signal) {
      signal.throwIfAborted();
      await sorted(client.chat.delete({ channel, ts }), signal);
    },
    async find(post, sinceMs, signal) {
      const { found, isWhole } = await read(client, post, sinceMs, signal);
      const same = found.flatMap(({ ts, slot }) => (slot === post.key.slot ? [ts] : []));
      // More than could be read: to post now might be to post again.
      if (same.length === 0 && !isWhole) throw new SlackFailure('refused', TOO_MANY);
      return same.toSorted()[0];
    },
    async all(place, sinceMs, signal) {
      const { found, isWhole } = await read(client, place, sinceMs, signal);
      if (!isWhole) throw new SlackFailure('refused', TOO_MANY);
      return found;
    },
  };
}
