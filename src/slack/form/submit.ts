/**
 * Pressing "Roll back": authorised, checked against what was shown, created under a name that a second press repeats, and only then
 * acknowledged, within Slack's three seconds.
 */
import type { ModalView } from '@slack/types';
import { TerminalError } from '#rollback/failure.ts';
import { UnavailableError, type CreateResult } from '#rollback/ports.ts';
import type { Person, RollbackSpec } from '#rollback/spec.ts';
import { abortable, LateError } from '../deadline.ts';
import { rollbackName } from '../keys.ts';
import type { Room } from '../room.ts';
import { drillRefused } from './form-view.ts';
import { selectionOf, targetsOf } from './form-state.ts';
import { firstReceipt, followReceipt } from './follow-receipt.ts';
import { followUp } from './follow-up.ts';
import { block } from './ids.ts';
import { asksForName } from './reason-blocks.ts';
import { readForm, type ReadForm, type SentView } from './read-form.ts';
import { messageView } from '../modals/message-view.ts';
import { alreadyView, notConfirmedView, refusedByServerView } from '../modals/receipt.ts';

export type SubmitAnswer =
  { response_action: 'errors'; errors: Record<string, string> } | { response_action: 'update'; view: ModalView };

/** From receiving the press: what is left of three seconds is Slack's way there and back. */
const ACK_BY_MS = 2500;
const PERMISSION_MS = 1000;
const CREATE_MS = 2000;
/** Longer than a controller at work needs to plan and to open it. */
const FIRST_WORD_MS = 800;

const errors = (fields: Record<string, string>): SubmitAnswer => ({ response_action: 'errors', errors: fields });
const update = (view: ModalView): SubmitAnswer => ({ response_action: 'update', view });

/** What the person can correct, by input. Pure. */
export function faultsOf({ state, planned, shown, confirmation }: ReadForm): Record<string, string> {
  const { environment, reason, fullSystem } = state;
  if (environment === undefined) return { [block.environment]: 'Choose an environment.' };
  if (!fullSystem && state.services.length === 0) return { [block.services]: 'Choose at least one service.' };
  if (shown.length === 0 || selectionOf(state) !== selectionOf(planned)) {
    return {
      [block.services]: 'The plan for this choice was not shown yet. It is shown now: read it, then press again.',
    };
  }
  const faults: Record<string, string> = {};
  if (reason.kind === undefined) faults[block.reasonKind] = 'Choose a reason.';
  if (reason.kind === 'other' && reason.text === undefined) {
    faults[block.reasonText] = 'Say in a few words what is wrong.';
  }
  if (asksForName(state) && confirmation.toLowerCase() !== environment.toLowerCase()) {
    faults[block.confirm(environment)] = `Type ${environment}. This rolls back the full system.`;
  }
  return faults;
}

export function specOf({ state, shown }: ReadForm, person: Person): RollbackSpec {
  const { kind = 'other', text } = state.reason;
  return {
    environment: state.environment ?? '',
    method: 'undo',
    targets: targetsOf(state, shown),
    reason: { kind, ...(text === undefined ? {} : { text }) },
    requestedBy: { ...person, via: 'slack' },
    ...(state.parent === undefined ? {} : { parent: state.parent }),
    ...(state.drill ? { drill: true } : {}),
  };
}

export interface Press {
  view: SentView;
  person: Person;
  /** `performance.now()` when the envelope came. */
  receivedAt: number;
}

/** The receipt, already true where the controller is quick, and followed on. */
async function answerTo(
  room: Room,
  { outcome, rollback }: CreateResult,
  { state, view, person, receivedAt }: Press & Pick<ReadForm, 'state'>,
): Promise<SubmitAnswer> {
  if (outcome === 'different') return update(alreadyView(room.catalogue, rollback));
  const pressed = { rollback, state, viewId: view.id, person };
  const leftMs = ACK_BY_MS - (performance.now() - receivedAt);
  const receipt = await firstReceipt(room, pressed, Math.min(FIRST_WORD_MS, leftMs));
  void room.inFlight.track(followReceipt(room, pressed, receipt));
  return update(messageView(receipt.heading, receipt.text));
}

/** What Slack is answered. Called once; a repeated press repeats the name, so the object stays one. */
export async function submitForm(room: Room, { view, person, receivedAt }: Press): Promise<SubmitAnswer> {
  const form = readForm(view);
  if (form === undefined) {
    return errors({
      [block.environment]: 'This form is of another version of the bot. Close it and type /rollback again.',
    });
  }
  const faults = faultsOf(form);
  if (Object.keys(faults).length > 0) return errors(faults);
  const { state } = form;
  const environment = state.environment ?? '';
  if (state.dryRun) return update(messageView('Dry run', 'A dry run starts nothing. Nothing was started.'));
  if (drillRefused(state, room.catalogue)) {
    return errors({ [block.environment]: `Drills are not for ${environment}. Choose another environment.` });
  }
  const refusal = await abortable(PERMISSION_MS, 'permission', (signal) =>
    room.permission.mayRollBack({ ...person, via: 'slack' }, environment, signal),
  ).catch((error: unknown) => {
    room.log.warn('permission was not read in time', { error: String(error) });
    return { message: 'Not started, nothing was touched. Slack did not say in time whether you may. Press again.' };
  });
  if (refusal !== undefined) return errors({ [block.environment]: refusal.message });
  const spec = specOf(form, person);
  const services = spec.targets.map(({ service }) => service);
  const name = rollbackName(services, state.fullSystem && state.since === undefined, view.id);
  const left = Math.max(300, Math.min(CREATE_MS, ACK_BY_MS - (performance.now() - receivedAt)));
  try {
    const result = await abortable(left, 'create', (signal) => room.rollbacks.create(name, spec, signal));
    room.log.info('rollback asked for', { rollback: name, outcome: result.outcome, by: person.id });
    return await answerTo(room, result, { state, view, person, receivedAt });
  } catch (error) {
    if (error instanceof TerminalError) {
      room.log.error('the API server refused a rollback', { rollback: name, error: error.message });
      return update(refusedByServerView(room.catalogue, spec, state, error.message));
    }
    if (!(error instanceof UnavailableError || error instanceof LateError)) throw error;
    room.log.warn('create was not answered', { rollback: name, error: String(error) });
    void room.inFlight.track(followUp(room, { name, spec, state, viewId: view.id, person }));
    return update(notConfirmedView(spec, state));
  }
}
