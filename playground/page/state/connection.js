/**
 * The line to the emulated Slack: events come as a server-sent stream, what the person does goes out as one POST each. It may assume that
 * every stream begins with a snapshot, so a lost line heals itself. It never decides what anything looks like.
 *
 * @typedef {import('../../slack/client-protocol.ts').ClientAction} ClientAction
 */
import { layout, openChannel, resetLayout, showToast } from './layout.js';
import { createStore } from './store.js';
import { applyEvent, emptyWorkspace, isReply, threadKey } from './workspace.js';

export const workspace = createStore(emptyWorkspace);
export const online = createStore(true);

let source;
let user = new URLSearchParams(location.search).get('user') ?? '';

function receive(event) {
  // Words without a channel belong to what is open: a modal says them itself.
  if (event.type === 'slackbot' && !event.channel) {
    if (workspace.get().views.length === 0) showToast(event.text);
    return;
  }
  workspace.set(applyEvent(workspace.get(), event, Date.now()));
  if (event.type === 'snapshot') settle();
}

/** After a snapshot: stand somewhere that exists, with the person's name in the address so that a reload keeps it. */
function settle() {
  const { me, channels, timelines, threads } = workspace.get();
  user = me.id;
  const address = new URL(location.href);
  address.searchParams.set('user', me.id);
  history.replaceState(null, '', address);
  const { place, thread } = layout.get();
  const known = place.kind === 'app' || channels.some((channel) => channel.id === place.id);
  if (!known) resetLayout((channels.find((channel) => channel.name === 'incidents') ?? channels[0])?.id ?? '');
  const root = thread && timelines[thread.channel]?.some((message) => message.ts === thread.ts);
  if (thread && !root && !threads[threadKey(thread.channel, thread.ts)]) openChannel(thread.channel);
}

const againMs = 500;
const patienceMs = 1500;
let patience;

/** A lost line is asked for again soon; only one that stays lost is worth a notice. */
function lost() {
  source.close();
  setTimeout(connect, againMs);
  patience ??= setTimeout(() => online.set(false), patienceMs);
}

function found() {
  clearTimeout(patience);
  patience = undefined;
  online.set(true);
}

/** Opens the line as the person that the address names. */
export function connect() {
  source = new EventSource(`/client/events?user=${encodeURIComponent(user)}`);
  source.addEventListener('open', found);
  source.addEventListener('error', lost);
  source.addEventListener('message', (message) => receive(JSON.parse(message.data)));
}

/** From now on the page is somebody else's. */
export function become(id) {
  source.close();
  user = id;
  connect();
}

/** Errors that Slack tells by itself, in the channel or at the field. */
const toldElsewhere = new Set(['operation_timeout', 'dispatch_failed', 'view_errors', 'already_submitting']);

const refusals = {
  message_not_found: 'This message has been deleted.',
  not_found: 'This form is no longer open.',
  not_in_channel: 'You are not in this channel.',
  is_archived: 'This channel has been archived.',
};

/**
 * Does one thing as the person. Rejects only when the page's own server is away; what Slack answers, errors included, is returned.
 *
 * @param {ClientAction} action
 * @returns {Promise<Record<string, any>>}
 */
export async function act({ action, ...rest }) {
  try {
    const response = await fetch(`/client/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, action, ...rest }),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.ok !== false) return answer;
    const error = answer.error ?? `http_${response.status}`;
    if (!toldElsewhere.has(error) && action !== 'submit' && action !== 'suggest') showToast(refusals[error] ?? error);
    return { ...answer, ok: false, error };
  } catch {
    showToast('The playground does not answer. Is it still running?');
    return { ok: false, error: 'no_answer' };
  }
}

/** Takes a message away from this screen only: an ephemeral one that was dismissed. */
export const dismiss = (message) => receive({ type: 'message_deleted', channel: message.channel, ts: message.ts });

/** The message that a thread hangs on, if it is still there. */
export const findRoot = (state, thread) =>
  state.timelines[thread.channel]?.find((message) => message.ts === thread.ts && !isReply(message));

/** Field errors go away when the person tries again. */
export const clearErrors = () => workspace.set({ ...workspace.get(), errors: undefined });
