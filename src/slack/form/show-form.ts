/** Drawing the form: at once as "loading", then filled with the plan, then again after each choice. */
import { setTimeout as delay } from 'node:timers/promises';
import { preformatted } from '#blocks/escape.ts';
import { isRefusal, TerminalError, type Refusal } from '#rollback/failure.ts';
import type { Person } from '#rollback/spec.ts';
import { UnavailableError } from '#rollback/ports.ts';
import { channelProblem } from '../channel.ts';
import { limitedForMs, slackError } from '../connection/clients.ts';
import { abortable, LateError } from '../deadline.ts';
import { kubectlUndo } from '../fallback.ts';
import { incidentId } from '../keys.ts';
import type { Room } from '../room.ts';
import { formView, title } from './form-view.ts';
import { writeMetadata, type FormState } from './form-state.ts';
import { loadingView, messageView } from '../modals/message-view.ts';
import { planFor, type Preview } from './preview.ts';

const PERMISSION_TIMEOUT_MS = 3000;
/** A section holds 3,000 characters; the sentence before it takes some. */
const COMMAND_MAX = 2500;

/** undefined: may. Rejects when nobody answered in time. */
export async function refusalFor(
  room: Room,
  person: Person,
  environment: string | undefined,
): Promise<Refusal | undefined> {
  if (environment === undefined) return undefined;
  return await abortable(PERMISSION_TIMEOUT_MS, 'permission', (signal) =>
    room.permission.mayRollBack({ ...person, via: 'slack' }, environment, signal),
  );
}

/** The cluster's silence in words, with the runbook's command filled in. Rethrows what is our own fault. */
function withoutPlan(room: Room, state: FormState, error: unknown): Preview {
  if (error instanceof TerminalError) return { problem: error.message };
  if (!(error instanceof UnavailableError || error instanceof LateError)) throw error;
  room.log.warn('no plan for the form', { error: String(error), environment: state.environment });
  const problem = `The cluster of ${state.environment ?? 'this environment'} does not answer, so there is no plan. Nothing was started.`;
  return { problem, command: byHand(room, state) };
}

/** Empty where no service was chosen. */
function byHand({ catalogue }: Room, { environment = '', services, fullSystem, to }: FormState): string {
  const named = fullSystem ? Object.keys(catalogue.services) : services;
  return kubectlUndo(catalogue, environment, named, Object.values(to)[0]);
}

export async function previewFor(room: Room, state: FormState, person: Person): Promise<Preview> {
  const [plan, refusal, channel] = await Promise.all([
    planFor(room, state).catch((error: unknown) => withoutPlan(room, state, error)),
    refusalFor(room, person, state.environment),
    channelProblem(room, state.environment),
  ]);
  return {
    ...plan,
    ...(refusal !== undefined && isRefusal(refusal) ? { refusal } : {}),
    ...(channel === undefined ? {} : { channelProblem: channel }),
  };
}

export interface Place {
  viewId: string;
  /** Of the view that the person acted on; absent for loading → content. */
  hash?: string;
  /** False once a newer choice was made on this view: then nothing older may overwrite it. */
  isNewest?: () => boolean;
}

/** How long in all a form waits for Slack's limit. */
const LIMITED_MS = 10_000;

/**
 * Updates a view. A closed one is no failure; one that moved on is written once more, unless a newer choice did it. Where Slack limits it, it
 * is tried again when Slack says so, for as long as somebody may sit before it.
 */
export async function updateView(
  room: Room,
  place: Place,
  view: ReturnType<typeof formView>,
  limitedMs = LIMITED_MS,
): Promise<void> {
  const { viewId, hash, isNewest = () => true } = place;
  try {
    await room.slack.interactive.views.update({ view_id: viewId, view, ...(hash === undefined ? {} : { hash }) });
  } catch (error) {
    const reason = slackError(error);
    if (reason === 'not_found') return;
    const waitMs = limitedForMs(error) ?? Infinity;
    if (waitMs <= limitedMs) {
      await delay(waitMs);
      return isNewest() ? await updateView(room, place, view, limitedMs - waitMs) : undefined;
    }
    if (reason !== 'hash_conflict' || hash === undefined) throw error;
    if (isNewest()) await updateView(room, { viewId }, view);
  }
}

/** Reads what the choices mean and draws it. Never rejects: what went wrong is said in the view. */
export async function fillForm(room: Room, place: Place, state: FormState, person: Person): Promise<void> {
  try {
    const preview = await previewFor(room, state, person);
    if (place.isNewest?.() === false) return;
    await updateView(room, place, formView(state, preview, room.catalogue, room.clock.now()));
  } catch (error) {
    const incident = incidentId(`${place.viewId} ${String(error)}`);
    room.log.error('the form could not be drawn', { incident, error: String(error), slack: slackError(error) });
    const text = `:warning: The form could not be drawn (incident ${incident}). Nothing was started. Close it and try again.`;
    const command = byHand(room, state);
    const words = command === '' ? text : `${text} By hand:\n${preformatted(command, COMMAND_MAX)}`;
    await updateView(room, { viewId: place.viewId }, messageView(title(state), words)).catch(() => undefined);
  }
}

/**
 * Opens the form with what is known already; `complete` adds what takes a moment to read. Rejects when Slack did not take the trigger; the
 * rest is said in the view.
 */
export async function openForm(
  room: Room,
  triggerId: string,
  state: FormState,
  person: Person,
  complete: (state: FormState) => Promise<FormState> = (known) => Promise.resolve(known),
): Promise<void> {
  const metadata = writeMetadata(state, [], true) ?? '';
  const opened = await room.slack.interactive.views.open({
    trigger_id: triggerId,
    view: loadingView(title(state), metadata),
  });
  const viewId = opened.view?.id;
  if (viewId !== undefined) await fillForm(room, { viewId }, await complete(state), person);
}
