/**
 * The workspace as this person's client knows it: a pure function of the events that the emulated Slack sends. It holds messages in two
 * indexes, what a channel shows and what a thread shows, each sorted by timestamp; an event copies only the lists that it touches.
 *
 * @typedef {import('../../slack/client-protocol.ts').ClientEvent} ClientEvent
 * @typedef {import('../../slack/client-protocol.ts').MessageView} MessageView
 */

export const nobody = { id: '', name: '', realName: '', role: '', isBot: false, isRestricted: false, color: '#616061' };

const slackbot = { ...nobody, id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot', isBot: true };

export const emptyWorkspace = {
  ready: false,
  me: nobody,
  users: { [slackbot.id]: slackbot },
  usergroups: {},
  channels: [],
  /** Channel id → messages that the channel shows. */
  timelines: {},
  /** "channel/ts" → replies. */
  threads: {},
  commands: [],
  shortcuts: [],
  app: { id: '', name: 'App', botUser: '', connected: false },
  views: [],
  /** Field errors of one view. */
  errors: undefined,
  home: undefined,
  /** What the world's clock is ahead of this machine's, in ms. */
  aheadMs: 0,
};

export const threadKey = (channel, ts) => `${channel}/${ts}`;

/** @param {MessageView} message */
export const isReply = (message) => message.threadTs !== undefined && message.threadTs !== message.ts;

/** The message with `message` replaced or put at its place in time. */
function upsert(list, message) {
  const at = list.findIndex((held) => held.ts === message.ts);
  if (at >= 0) return list.with(at, message);
  const after = list.findLastIndex((held) => Number(held.ts) <= Number(message.ts));
  return list.toSpliced(after + 1, 0, message);
}

function withMessage(state, message) {
  const next = { ...state };
  if (isReply(message)) {
    const key = threadKey(message.channel, message.threadTs);
    next.threads = { ...state.threads, [key]: upsert(state.threads[key] ?? [], message) };
  }
  if (!isReply(message) || message.broadcast) {
    const timeline = state.timelines[message.channel] ?? [];
    next.timelines = { ...state.timelines, [message.channel]: upsert(timeline, message) };
  }
  return next;
}

function withoutMessage(state, channel, ts) {
  const without = (lists) =>
    Object.fromEntries(
      Object.entries(lists).map(([key, list]) => {
        const mine = key === channel || key.startsWith(`${channel}/`);
        return [key, mine && list.some((held) => held.ts === ts) ? list.filter((held) => held.ts !== ts) : list];
      }),
    );
  return { ...state, timelines: without(state.timelines), threads: without(state.threads) };
}

function fromSnapshot(snapshot, now) {
  const byId = (list) => Object.fromEntries(list.map((one) => [one.id, one]));
  const empty = {
    ...emptyWorkspace,
    ready: true,
    me: snapshot.me,
    users: { [slackbot.id]: slackbot, ...byId(snapshot.users) },
    usergroups: byId(snapshot.usergroups ?? []),
    channels: snapshot.channels,
    commands: snapshot.commands,
    shortcuts: snapshot.shortcuts,
    app: snapshot.app,
    views: snapshot.views,
    home: snapshot.home,
    aheadMs: snapshot.now - now,
  };
  return snapshot.messages.reduce(withMessage, empty);
}

function slackbotNotice(state, event, now) {
  const ts = ((now + state.aheadMs) / 1000).toFixed(6);
  const channel = event.channel ?? state.channels[0]?.id ?? '';
  return withMessage(state, { channel, ts, user: slackbot.id, text: event.text, ephemeral: true });
}

/**
 * @param {typeof emptyWorkspace} state
 * @param {ClientEvent} event
 * @param {number} now ms since 1970 on this machine
 */
export function applyEvent(state, event, now) {
  switch (event.type) {
    case 'snapshot':
      return fromSnapshot(event.snapshot, now);
    case 'message':
      return withMessage(state, event.message);
    case 'message_deleted':
      return withoutMessage(state, event.channel, event.ts);
    case 'views':
      return { ...state, views: event.views, errors: errorsThatStay(state.errors, event.views) };
    case 'view_errors':
      return { ...state, errors: { viewId: event.viewId, fields: event.errors } };
    case 'home':
      return { ...state, home: event.view };
    case 'app':
      return { ...state, app: { ...state.app, connected: event.connected } };
    case 'slackbot':
      return slackbotNotice(state, event, now);
    case 'clock':
      return { ...state, aheadMs: event.now - now };
    default:
      return state;
  }
}

function errorsThatStay(errors, views) {
  return errors && views.some((open) => open.id === errors.viewId) ? errors : undefined;
}
