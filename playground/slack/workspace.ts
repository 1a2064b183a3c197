/**
 * The emulated workspace: people, user groups, channels, messages, views, files. All state of the emulated Slack that people could see
 * lives here, in memory, and every change is told to `changes`. It knows no HTTP, no WebSocket, no Web API method and no limits: what
 * is put in was checked before.
 */
import type { WorldClock } from '../clock.ts';
import { ChangeFeed } from './workspace/change.ts';
import { FileStore } from './workspace/files.ts';
import { MessageStore } from './workspace/messages.ts';
import { Timestamps } from './workspace/timestamps.ts';
import { ViewStore } from './workspace/views.ts';

export interface User {
  id: string;
  /** "maya" */
  name: string;
  realName: string;
  role: string;
  isBot: boolean;
  /** A guest. */
  isRestricted: boolean;
  deleted: boolean;
  color: string;
  botId?: string;
}

export interface Usergroup {
  id: string;
  /** Without "@". */
  handle: string;
  name: string;
  users: string[];
  disabled: boolean;
}

export interface Channel {
  id: string;
  name: string;
  topic: string;
  kind: 'public' | 'private' | 'im';
  members: Set<string>;
  isArchived: boolean;
  createdAt: number;
}

/** What a workspace begins with. */
export interface Seed {
  team: { id: string; name: string; domain: string };
  app: { id: string; name: string; botUser: string; botId: string };
  users: User[];
  usergroups: Usergroup[];
  channels: (Omit<Channel, 'members' | 'createdAt'> & { members: string[] })[];
}

export class Workspace {
  readonly team: Seed['team'];
  readonly app: Seed['app'];
  readonly users = new Map<string, User>();
  readonly usergroups = new Map<string, Usergroup>();
  readonly channels = new Map<string, Channel>();
  readonly changes = new ChangeFeed();
  readonly timestamps: Timestamps;
  readonly messages: MessageStore;
  readonly views: ViewStore;
  readonly files = new FileStore();
  readonly clock: WorldClock;
  readonly #seed: Seed;

  constructor(seed: Seed, clock: WorldClock) {
    this.clock = clock;
    this.#seed = seed;
    this.team = seed.team;
    this.app = seed.app;
    this.timestamps = new Timestamps(clock);
    this.messages = new MessageStore(this.changes, this.timestamps);
    this.views = new ViewStore(this.changes, () => clock.now());
    this.#plant();
  }

  /** Everything as in the beginning; clients get a new snapshot. Sockets stay open, timestamps go on growing. */
  reset(): void {
    this.messages.clear();
    this.views.clear();
    this.files.clear();
    for (const map of [this.users, this.usergroups, this.channels]) map.clear();
    this.#plant();
    this.changes.tell({ type: 'reset' });
  }

  #plant(): void {
    const { users, usergroups, channels } = this.#seed;
    for (const user of users) this.users.set(user.id, { ...user });
    for (const group of usergroups) this.usergroups.set(group.id, { ...group, users: [...group.users] });
    for (const channel of channels) {
      const members = new Set(channel.members);
      this.channels.set(channel.id, { ...channel, members, createdAt: this.clock.now() });
    }
  }

  /** The direct messages between the app and a person. */
  directMessages(user: string): Channel {
    const id = `D${user.slice(1)}`;
    const found = this.channels.get(id);
    if (found) return found;
    const channel: Channel = {
      id,
      name: this.app.name,
      topic: '',
      kind: 'im',
      members: new Set([user, this.app.botUser]),
      isArchived: false,
      createdAt: this.clock.now(),
    };
    this.channels.set(id, channel);
    return channel;
  }

  /** May this person read the channel? Public ones, and those they are in; a guest only those they are in. */
  mayRead(userId: string, channel: Channel): boolean {
    if (channel.members.has(userId)) return true;
    return channel.kind === 'public' && this.users.get(userId)?.isRestricted === false;
  }

  /** A word from Slackbot that only this person sees. */
  slackbot(user: string, text: string, channel?: string): void {
    this.changes.tell({ type: 'slackbot', user, text, ...(channel === undefined ? {} : { channel }) });
  }
}
