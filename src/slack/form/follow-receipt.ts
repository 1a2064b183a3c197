/**
 * After the press the object is followed for its first seconds, so that the receipt says what became of it: begun, with a link, or refused
 * because the world moved between form and press. Whoever has closed the form, or waited longer, is told beside it when it went otherwise.
 */
import { OUTCOME, ROOT } from '#messages/slots.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Person } from '#rollback/spec.ts';
import { sayDirectly, sayInPlace } from '../answer.ts';
import { slackError } from '../connection/clients.ts';
import { messageView } from '../modals/message-view.ts';
import { receiptOf, type Receipt } from '../modals/receipt.ts';
import { permalinkOf } from '../permalink.ts';
import type { Room } from '../room.ts';
import type { FormState } from './form-state.ts';

export interface Pressed {
  /** As it was created. */
  rollback: Rollback;
  state: FormState;
  viewId: string;
  person: Person;
}

const LOOK_MS = 250;
/** In the view; what comes later is told beside it. */
const IN_VIEW_MS = 15_000;
/** By then a controller that is there has begun. */
const LATE_MS = 5000;
const FOR_MS = 3 * 60_000;

const newest = (room: Room, { rollback }: Pick<Pressed, 'rollback'>): Rollback =>
  room.rollbacks.get(rollback.metadata.name) ?? rollback;

const isDecided = ({ status }: Rollback): boolean => status !== undefined && status.phase !== 'Pending';

/** The receipt to answer with: what the controller made of it, if it says so within `ms`. */
export async function firstReceipt(room: Room, pressed: Omit<Pressed, 'viewId'>, ms: number): Promise<Receipt> {
  const endsAt = performance.now() + ms;
  while (!isDecided(newest(room, pressed)) && performance.now() < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return receiptOf(room.catalogue, newest(room, pressed), pressed.state);
}

/** Address of its newest message of the channel; asked again until Slack has it. */
function addressOf(room: Room): (rollback: Rollback) => Promise<string | undefined> {
  const known = new Map<string, string>();
  return async ({ status }) => {
    // What was refused at the patch has INITIATED in the channel, and REFUSED after it.
    const isRefusedLate = status?.phase === 'Refused' && status.startedAt !== undefined;
    const slot = status?.slack[isRefusedLate ? OUTCOME : ROOT];
    if (slot?.ts === undefined) return undefined;
    const address = known.get(slot.ts) ?? (await permalinkOf(room, slot.channel, slot.ts));
    if (address !== undefined) known.set(slot.ts, address);
    return address;
  };
}

/** False: the view is closed. */
async function show(room: Room, viewId: string, { heading, text }: Receipt): Promise<boolean> {
  try {
    await room.slack.interactive.views.update({ view_id: viewId, view: messageView(heading, text) });
    return true;
  } catch (error) {
    const reason = slackError(error);
    if (reason !== 'not_found') room.log.warn('a receipt could not be shown', { error: reason });
    return reason !== 'not_found';
  }
}

/** Where it was asked for, else directly: the form is closed. `text`: mrkdwn, escaped. Never rejects. */
export async function tellBeside(
  room: Room,
  { state, person }: Pick<Pressed, 'state' | 'person'>,
  text: string,
): Promise<void> {
  const direct = sayDirectly(room, person.id);
  const { channel } = state;
  await (channel === undefined ? direct : sayInPlace(room, { channel, user: person.id }, direct))(text);
}

/** Never rejects. Ends when nothing that follows changes the receipt, or after three minutes. `shown`: what stands in the view. */
export async function followReceipt(room: Room, pressed: Pressed, shown: Receipt): Promise<void> {
  const { catalogue, clock, inFlight, log } = room;
  const address = addressOf(room);
  const startedAt = performance.now();
  let last = shown;
  let isOpen = true;
  /** Of the bad news that reached the person for certain. */
  let heard: string | undefined;
  try {
    while (!last.isFinal && performance.now() - startedAt < FOR_MS) {
      await clock.sleep(LOOK_MS, inFlight.stopping);
      const waitedMs = performance.now() - startedAt;
      const rollback = newest(room, pressed);
      const link = await address(rollback);
      const receipt = receiptOf(catalogue, rollback, pressed.state, { link, isLate: waitedMs > LATE_MS });
      if (receipt.text === last.text) continue;
      last = receipt;
      isOpen &&= waitedMs < IN_VIEW_MS && (await show(room, pressed.viewId, receipt));
      if (!receipt.isBad || heard === receipt.heading) continue;
      if (!isOpen) await tellBeside(room, pressed, receipt.text);
      heard = receipt.heading;
    }
  } catch (error) {
    if (!inFlight.stopping.aborted) log.warn('a receipt could not be followed', { error: String(error) });
  }
}
