/** The versions to go back to, as options of the form's search. */
import type { PlainTextOption } from '@slack/types';
import { plain } from '#blocks/elements.ts';
import { historyNote } from '../commands/history.ts';
import { abortable } from '../deadline.ts';
import type { Room } from '../room.ts';
import { versionOption } from './choices.ts';
import type { FormState, Shown } from './form-state.ts';
import { searchHistory } from './preview.ts';

const MAX_OPTIONS = 100;
/** Slack waits three seconds for options. */
const TIMEOUT_MS = 2200;

export interface OptionsAnswer {
  options: PlainTextOption[];
}

/** Nothing heard is said as an option that stands for what the form shows, where it shows a version. */
export async function targetOptions(
  room: Room,
  { state, shown }: { state: FormState; shown: readonly Shown[] },
  query: string,
): Promise<OptionsAnswer> {
  const service = shown[0]?.service ?? state.services[0];
  const { environment } = state;
  if (service === undefined || environment === undefined) return { options: [] };
  try {
    const entries = await abortable(TIMEOUT_MS, 'history', (signal) =>
      room.planner.history(environment, service, signal),
    );
    const found = searchHistory(entries, query).slice(0, MAX_OPTIONS);
    return { options: found.map((entry) => versionOption(entry, historyNote(entry, room.clock.now()))) };
  } catch (error) {
    room.log.warn('no versions for the search', { error: String(error), service, environment });
    if (state.shownTo === undefined) return { options: [] };
    return { options: [{ text: plain('The cluster does not answer; try again'), value: state.shownTo }] };
  }
}
