/** "Take over": questions and mentions go to the clicker from now on. */
import { escape } from '#blocks/escape.ts';
import { decodeButtonValue } from '#messages/action-ids.ts';
import { holder, requests } from '#rollback/inputs.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Click } from '../click.ts';
import { alreadyEnded, requestAction } from './record.ts';

/** Until the message that was pressed on says who took over, where Slack is quick. */
const SAME_MOMENT_MS = 10_000;

/**
 * Why a press changes nothing; undefined: it does. Whoever presses on a message that still names another holder could not know that somebody
 * was quicker, and does not take it from them.
 */
export function tooLateToTakeOver(
  rollback: Rollback,
  { person, at, value }: Pick<Click, 'person' | 'at' | 'value'>,
): string | undefined {
  const { spec } = rollback;
  const ended = alreadyEnded(rollback);
  if (ended !== undefined) return ended;
  const now = holder(spec);
  if (now.id === person.id) return 'You hold this rollback already.';
  const last = requests(spec, 'take-over').at(-1);
  if (last === undefined || decodeButtonValue(value)?.holder === now.id) return undefined;
  if (Date.parse(at) - Date.parse(last.at) > SAME_MOMENT_MS) return undefined;
  return `Nothing was recorded: ${escape(now.name)} was quicker and holds this rollback already. Press again to take it over from there.`;
}

export const takeOver = requestAction({
  request: 'take-over',
  tooLate: tooLateToTakeOver,
  oneAtOnce: true,
  recorded: 'you hold this rollback now. Questions go to you.',
});
