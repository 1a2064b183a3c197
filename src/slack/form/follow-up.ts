/** After "Not confirmed yet": the same object is asked for again under the same name until the API server says how it went. */
import type { ModalView } from '@slack/types';
import { TerminalError } from '#rollback/failure.ts';
import { UnavailableError } from '#rollback/ports.ts';
import type { Person, RollbackSpec } from '#rollback/spec.ts';
import { slackError } from '../connection/clients.ts';
import { abortable, LateError } from '../deadline.ts';
import type { Room } from '../room.ts';
import type { FormState } from './form-state.ts';
import { messageView } from '../modals/message-view.ts';
import {
  alreadyView,
  notStartedText,
  notStartedView,
  receiptText,
  refusedByServerText,
  refusedByServerView,
} from '../modals/receipt.ts';
import { firstReceipt, followReceipt, tellBeside } from './follow-receipt.ts';

const EVERY_MS = 2000;
const FOR_MS = 3 * 60_000;
const FIRST_WORD_MS = 1000;

export interface Unconfirmed {
  name: string;
  spec: RollbackSpec;
  state: FormState;
  viewId: string;
  person: Person;
}

/** In the view; to the person where it was closed. */
async function tell(room: Room, unconfirmed: Unconfirmed, view: ModalView, text: string): Promise<void> {
  try {
    await room.slack.interactive.views.update({ view_id: unconfirmed.viewId, view });
  } catch (error) {
    if (slackError(error) !== 'not_found') room.log.warn('a receipt could not be shown', { error: slackError(error) });
    await tellBeside(room, unconfirmed, text);
  }
}

async function tryOnce(room: Room, unconfirmed: Unconfirmed): Promise<boolean> {
  const { name, spec, state } = unconfirmed;
  try {
    const result = await abortable(5000, 'create', (signal) => room.rollbacks.create(name, spec, signal));
    room.log.info('rollback asked for, late', { rollback: name, outcome: result.outcome });
    if (result.outcome === 'different') {
      const view = alreadyView(room.catalogue, result.rollback);
      await tell(room, unconfirmed, view, receiptText(room.catalogue, spec, state));
      return true;
    }
    const pressed = { ...unconfirmed, rollback: result.rollback };
    const receipt = await firstReceipt(room, pressed, FIRST_WORD_MS);
    await tell(room, unconfirmed, messageView(receipt.heading, receipt.text), receipt.text);
    await followReceipt(room, pressed, receipt);
    return true;
  } catch (error) {
    if (error instanceof UnavailableError || error instanceof LateError) return false;
    if (!(error instanceof TerminalError)) throw error;
    room.log.error('the API server refused a rollback', { rollback: name, error: error.message });
    const view = refusedByServerView(room.catalogue, spec, state, error.message);
    await tell(room, unconfirmed, view, refusedByServerText(spec, state, error.message));
    return true;
  }
}

/** Never rejects. Ends with an answer in words, or with the process. */
export async function followUp(room: Room, unconfirmed: Unconfirmed): Promise<void> {
  const { catalogue, inFlight, clock } = room;
  const until = performance.now() + FOR_MS;
  try {
    while (performance.now() < until) {
      await clock.sleep(EVERY_MS, inFlight.stopping);
      if (await tryOnce(room, unconfirmed)) return;
    }
  } catch (error) {
    room.log.error('a rollback could not be confirmed', { rollback: unconfirmed.name, error: String(error) });
  }
  const { spec, state } = unconfirmed;
  await tell(room, unconfirmed, notStartedView(catalogue, spec, state), notStartedText(state, spec));
}
