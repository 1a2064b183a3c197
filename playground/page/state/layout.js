/**
 * Where the person stands in the page: which channel, which thread, which pane of a phone. Nothing of it is known to the emulated Slack.
 *
 * @typedef {{ kind: 'channel', id: string } | { kind: 'app', tab: 'home' | 'messages' }} Place
 */
import { createStore } from './store.js';

export const layout = createStore({
  /** @type {Place} */
  place: { kind: 'channel', id: '' },
  /** @type {{ channel: string, ts: string } | undefined} */
  thread: undefined,
  /** What a phone shows: @type {'list' | 'main' | 'thread'} */
  pane: 'main',
  /** What the bottom bar of a phone shows: @type {'slack' | 'world'} */
  tab: 'slack',
  worldOpen: true,
  /** @type {{ text: string, id: number } | undefined} */
  toast: undefined,
  /** Channel id → timestamp of the newest message that was seen. */
  seen: {},
});

const change = (part) => layout.set({ ...layout.get(), ...part });

export const openChannel = (id) =>
  change({ place: { kind: 'channel', id }, thread: undefined, pane: 'main', tab: 'slack' });

export const openApp = (tab) => change({ place: { kind: 'app', tab }, thread: undefined, pane: 'main', tab: 'slack' });

export const openThread = (channel, ts) => change({ thread: { channel, ts }, pane: 'thread', tab: 'slack' });

export const closeThread = () => change({ thread: undefined, pane: 'main' });

export const showPane = (pane) => change({ pane });

export const showTab = (tab) => change({ tab });

export const toggleWorld = () => change({ worldOpen: !layout.get().worldOpen });

/** Puts the page back to the first channel, as after logging in. */
export const resetLayout = (channel) =>
  change({ place: { kind: 'channel', id: channel }, thread: undefined, pane: 'main', seen: {} });

export function markSeen(channel, ts) {
  const { seen } = layout.get();
  if (seen[channel] !== ts) change({ seen: { ...seen, [channel]: ts } });
}

/** A line at the bottom that goes away by itself. */
export function showToast(text) {
  const id = (layout.get().toast?.id ?? 0) + 1;
  change({ toast: { text, id } });
  setTimeout(() => {
    if (layout.get().toast?.id === id) change({ toast: undefined });
  }, 6000);
}
