/**
 * What a person's Slack client (the page, or a person in a journey) sees of the emulated workspace, and what it can do there. The page
 * speaks it as JSON: `GET /client/events?user=U…` is a server-sent event stream (first `snapshot`, then the changes below), and
 * `POST /client/<action>` with `{ user, … }` does one action and answers JSON.
 */
import type { KnownBlock, View } from '@slack/types';

export interface UserView {
  id: string;
  name: string;
  realName: string;
  /** "On-call engineer, may roll back production" — shown in the switcher of people. */
  role: string;
  isBot: boolean;
  isRestricted: boolean;
  color: string;
}

export interface FileView {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  /** Path on the same server. */
  url: string;
}

export interface MessageView {
  channel: string;
  ts: string;
  threadTs?: string;
  /** A thread reply that is also shown in the channel. */
  broadcast?: boolean;
  user: string;
  text: string;
  blocks?: KnownBlock[];
  files?: FileView[];
  reactions?: { name: string; users: string[] }[];
  /** ms, when edited. */
  editedAt?: number;
  /** Only this person sees it, until reload. */
  ephemeral?: boolean;
  /** Newest thread replies, on a root. */
  thread?: { replies: number; users: string[]; lastTs: string };
}

export interface ChannelView {
  id: string;
  name: string;
  topic: string;
  isMember: boolean;
  /** Is the app a member? */
  appIsMember: boolean;
}

export interface OpenView {
  id: string;
  hash: string;
  callbackId: string;
  view: View;
  /** Values as they stand, by block_id and action_id; present only where the app set `initial_*`. */
}

export interface Snapshot {
  me: UserView;
  users: UserView[];
  /** For `<!subteam^S…>`. */
  usergroups: { id: string; handle: string }[];
  channels: ChannelView[];
  /** All channels' messages, thread replies included, oldest first. */
  messages: MessageView[];
  commands: { command: string; description: string; usageHint: string }[];
  shortcuts: { name: string; type: 'global' | 'message'; callbackId: string; description: string }[];
  app: { id: string; name: string; botUser: string; connected: boolean };
  /** The modal stack, bottom first; empty: no modal. */
  views: OpenView[];
  home?: View;
  now: number;
}

export type ClientEvent =
  | { type: 'snapshot'; snapshot: Snapshot }
  /** Posted or edited: replaces by (channel, ts). */
  | { type: 'message'; message: MessageView }
  | { type: 'message_deleted'; channel: string; ts: string }
  /** The whole modal stack after any change of it. */
  | { type: 'views'; views: OpenView[] }
  /** Field errors of the top view, by block_id. */
  | { type: 'view_errors'; viewId: string; errors: Record<string, string> }
  | { type: 'home'; view: View }
  | { type: 'app'; connected: boolean }
  /** Slackbot's words when something failed: "/rollback failed with the error "operation_timeout"". */
  | { type: 'slackbot'; channel?: string; text: string }
  /** The clock was moved. */
  | { type: 'clock'; now: number };

/** State of inputs, as in `view.state.values` and `block_actions.state.values`. */
export type StateValues = Record<string, Record<string, unknown>>;

export type ClientAction =
  /** Text beginning with "/" is a slash command (not in threads, as in Slack). */
  | { action: 'type'; channel: string; text: string; threadTs?: string }
  /** A button, select, checkbox, overflow … on a message or a view. `element` is the payload of `actions[0]` without action_ts. */
  | {
      action: 'act';
      on: { channel: string; ts: string } | { viewId: string } | { home: true };
      element: { type: string; action_id: string; block_id: string; [field: string]: unknown };
      state: StateValues;
    }
  | { action: 'submit'; viewId: string; state: StateValues }
  /** Closes the top view; `all` closes the stack. */
  | { action: 'close'; viewId: string; all?: boolean }
  /** Answers `{ options }` or `{ option_groups }` (external selects). */
  | {
      action: 'suggest';
      on: { viewId: string } | { channel: string; ts: string };
      blockId: string;
      actionId: string;
      query: string;
    }
  | { action: 'shortcut'; callbackId: string }
  | { action: 'message_shortcut'; callbackId: string; channel: string; ts: string }
  | { action: 'open_home' }
  | { action: 'react'; channel: string; ts: string; name: string }
  /** A person deletes a message. */
  | { action: 'delete'; channel: string; ts: string };
