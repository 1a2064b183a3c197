/**
 * The world as the panel shows it, and what the panel does to it.
 *
 * @typedef {import('../../world-protocol.ts').WorldView} WorldView
 * @typedef {import('../../world-protocol.ts').WorldAction} WorldAction
 */
import { showToast } from '../state/layout.js';
import { createStore } from '../state/store.js';

/** undefined until the first event: a server without a world (a test of Slack alone) has no panel. */
export const world = createStore(/** @type {WorldView | undefined} */ (undefined));

const againMs = 500;

export function connectWorld() {
  const source = new EventSource('/world/events');
  const receive = (message) => world.set(JSON.parse(message.data));
  source.addEventListener('world', receive);
  source.addEventListener('message', receive);
  source.addEventListener('error', () => {
    source.close();
    // Without a world the server answers 404 for good; with one, this was a restart.
    if (world.get()) setTimeout(connectWorld, againMs);
  });
}

/**
 * @param {WorldAction} wanted
 * @returns {Promise<boolean>} whether it was done; what went wrong is shown
 */
export async function change(wanted) {
  const response = await fetch(`/world/${wanted.action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  }).catch(() => undefined);
  if (response?.ok) return true;
  const answer = await response?.json().catch(() => undefined);
  showToast(answer?.error ?? 'The playground does not answer. Is it still running?');
  return false;
}
