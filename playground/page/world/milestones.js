/**
 * What of the three steps has happened, read from the app's messages and the services. Pure.
 *
 * @typedef {{ deployed: boolean, asked: boolean, started: boolean, ended: boolean, ticked: boolean, resolved: boolean, waits: boolean }} Progress
 * `waits`: the 15 minutes are running, so there is something to skip.
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

const checkboxesOf = (message) =>
  (message.blocks ?? [])
    .flatMap((block) => [...(block.elements ?? []), block.accessory])
    .filter((element) => element?.type === 'checkboxes');

/** What the bot has filled in itself says so under the option. */
const byBot = (option) => option.description?.text?.startsWith('bot');

/** A checklist with something ticked by a person: answers are the checkboxes' `initial_options`. */
const hasTicks = (message) =>
  checkboxesOf(message).some(({ initial_options: ticked }) => ticked?.some((option) => !byBot(option)));

/**
 * @param {import('../../slack/client-protocol.ts').MessageView[]} messages of the app, of all channels and threads
 * @param {import('../../world-protocol.ts').ServiceView[]} services
 * @param {boolean} formIsOpen
 * @returns {Progress}
 */
export function progressOf(messages, services, formIsOpen) {
  const says = (pattern) => messages.some((message) => pattern.test(wordsOf(message)));
  const started = says(/ROLLBACK INITIATED/);
  const resolved = says(/Resolved /);
  return {
    started,
    deployed: started || services.some(isBroken),
    asked: started || formIsOpen,
    ended: says(/ROLLBACK (COMPLETE|PARTIAL|FAILED)/),
    // A closed checklist has no boxes any more.
    ticked: resolved || messages.some(hasTicks),
    resolved,
    waits: says(/Monitoring (?:the \d+ )?for \d|are watched until/),
  };
}
