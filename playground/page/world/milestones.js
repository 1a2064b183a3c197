/**
 * What of the three steps has happened, read from the app's messages and the services. Pure.
 *
 * @typedef {{ deployed: boolean, asked: boolean, started: boolean, ended: boolean, ticked: boolean, resolved: boolean }} Progress
 */
import { isFailing } from './pods.js';

/** More of the traffic than this failing is a bad deploy. */
const noticeableErrorRate = 0.02;

const isBroken = (service) => service.errorRate > noticeableErrorRate || service.pods.some(isFailing);

/** Message → its words: an edited message is another object, all others are read once. */
const read = new WeakMap();

function wordsOf(message) {
  if (!read.has(message)) read.set(message, `${message.text} ${message.blocks ? JSON.stringify(message.blocks) : ''}`);
  return read.get(message);
}

/** A checklist with something ticked: the checkboxes of a message carry their answers as `initial_options`. */
const hasTicks = (message) => /"initial_options":\[\{/.test(wordsOf(message));

/**
 * @param {import('../../slack/client-protocol.ts').MessageView[]} messages of the app, of all channels and threads
 * @param {import('../../world-protocol.ts').ServiceView[]} services
 * @param {boolean} formIsOpen
 * @returns {Progress}
 */
export function progressOf(messages, services, formIsOpen) {
  const says = (pattern) => messages.some((message) => pattern.test(wordsOf(message)));
  const started = says(/ROLLBACK INITIATED/);
  return {
    started,
    deployed: started || services.some(isBroken),
    asked: started || formIsOpen,
    ended: says(/ROLLBACK (COMPLETE|PARTIAL|FAILED)/),
    ticked: messages.some(hasTicks),
    resolved: says(/Resolved /),
  };
}
