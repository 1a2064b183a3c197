import type { KnownBlock } from '@slack/types';
import type { ChangeFeed } from './change.ts';
import { compareTs } from './timestamps.ts';
import type { Timestamps } from './timestamps.ts';

export interface Metadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

export interface Message {
  channel: string;
  ts: string;
  threadTs?: string;
  broadcast?: boolean;
  user: string;
  text: string;
  blocks?: KnownBlock[];
  attachments?: Record<string, unknown>[];
  files: string[];
  reactions: { name: string; users: string[] }[];
  metadata?: Metadata;
  edited?: { user: string; ts: string };
  /** Only this person sees it; the Web API never answers with it. */
  ephemeralFor?: string;
  /** A deleted root whose replies are still there. */
  tombstone?: boolean;
  /** Only on a root. */
  replies: Message[];
}

export type NewMessage = Pick<Message, 'channel' | 'user' | 'text'> & Partial<Omit<Message, 'ts' | 'replies'>>;

/** All messages of all channels, in order of posting, thread replies included. */
export class MessageStore {
  readonly #byChannel = new Map<string, Message[]>();
  readonly #byTs = new Map<string, Message>();
  readonly #changes: ChangeFeed;
  readonly #timestamps: Timestamps;
  #idCount = 0;

  constructor(changes: ChangeFeed, timestamps: Timestamps) {
    this.#changes = changes;
    this.#timestamps = timestamps;
  }

  /** Of one channel, oldest first, ephemerals included. */
  of(channel: string): Message[] {
    return this.#byChannel.get(channel) ?? [];
  }

  find(channel: string, ts: string): Message | undefined {
    return this.#byTs.get(`${channel}/${ts}`);
  }

  /**
   * Posts. A thread whose root is gone takes no replies: the message then stands in the channel without `threadTs`, as in Slack.
   */
  post({ threadTs, blocks, ...rest }: NewMessage): Message {
    const root = threadTs === undefined ? undefined : this.find(rest.channel, threadTs);
    const message: Message = { files: [], reactions: [], replies: [], ...rest, ts: this.#timestamps.next() };
    if (root) message.threadTs = root.ts;
    if (blocks) message.blocks = this.withIds(blocks);
    this.#byTs.set(`${message.channel}/${message.ts}`, message);
    const inChannel = this.#byChannel.get(message.channel);
    if (inChannel) inChannel.push(message);
    else this.#byChannel.set(message.channel, [message]);
    if (root && message.ephemeralFor === undefined) {
      root.replies.push(message);
      this.#changes.tell({ type: 'message', message: root });
    }
    this.#changes.tell({ type: 'message', message });
    return message;
  }

  /** Tells the clients of a message changed in place. */
  changed(message: Message): void {
    this.#changes.tell({ type: 'message', message });
  }

  delete(message: Message): void {
    const root = message.threadTs === undefined ? undefined : this.find(message.channel, message.threadTs);
    if (message.replies.length > 0) {
      message.tombstone = true;
      message.text = 'This message was deleted.';
      delete message.blocks;
      delete message.metadata;
      delete message.attachments;
      this.changed(message);
      return;
    }
    this.#byTs.delete(`${message.channel}/${message.ts}`);
    this.#byChannel.set(
      message.channel,
      this.of(message.channel).filter((m) => m !== message),
    );
    this.#changes.tell({ type: 'message_deleted', message });
    if (root) {
      root.replies = root.replies.filter((m) => m !== message);
      if (root.tombstone && root.replies.length === 0) this.delete(root);
      else this.changed(root);
    }
  }

  /** Blocks and interactive elements without an id get one, as in Slack, so that interactions can name them. */
  withIds(blocks: KnownBlock[]): KnownBlock[] {
    return blocks.map((block) => {
      const { elements, element, accessory } = block as {
        elements?: unknown[];
        element?: unknown;
        accessory?: unknown;
      };
      return {
        ...block,
        block_id: block.block_id ?? this.#nextId('b'),
        ...(block.type === 'actions' && elements ? { elements: elements.map((e) => this.#withActionId(e)) } : {}),
        ...(element ? { element: this.#withActionId(element) } : {}),
        ...(accessory ? { accessory: this.#withActionId(accessory) } : {}),
      } as KnownBlock;
    });
  }

  #withActionId(raw: unknown): unknown {
    const element = raw as { type: string; action_id?: string };
    return element.type === 'image' ? element : { ...element, action_id: element.action_id ?? this.#nextId('a') };
  }

  #nextId(prefix: string): string {
    return `${prefix}${(this.#idCount++).toString(36)}`;
  }

  clear(): void {
    this.#byChannel.clear();
    this.#byTs.clear();
  }

  /** A channel as its members read it, oldest first: roots and broadcast replies. */
  history(channel: string): Message[] {
    return this.of(channel).filter(
      (m) => m.ephemeralFor === undefined && (m.threadTs === undefined || m.broadcast === true),
    );
  }
}

/** Is the timestamp between the two, bounds included only when asked? */
export function isWithin(ts: string, oldest?: string, latest?: string, inclusive = false): boolean {
  const least = inclusive ? 0 : 1;
  if (oldest !== undefined && compareTs(ts, oldest) < least) return false;
  return latest === undefined || compareTs(latest, ts) >= least;
}
