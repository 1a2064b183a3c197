/** ROLLBACK COMPLETE, PARTIAL or FAILED: the second message of the channel, which calls the holder. Its status line is edited to the end. */
import { actions, sections } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { requests } from '#rollback/inputs.ts';
import type { TargetStatus } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { subject } from './initiated.ts';
import { missing, resultLine } from './result-line.ts';
import { environment, listed, outcomeWord, planned, serviceName, title, versionName, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { OUTCOME, post } from '../slots.ts';
import { statusLine } from './status-line.ts';
import { verdict, verificationLine } from './verification.ts';

type Buttons = ReturnType<typeof button>[];

/** What did not return and is this rollback's still: what a newer one or a deploy has taken since is theirs. */
const still = (rollback: Told): TargetStatus[] => missing(rollback).filter(({ state }) => state !== 'Superseded');

/** Ways on for what did not return. */
function forMissing(rollback: Told): Buttons {
  const { spec, status, metadata } = rollback;
  const own = still(rollback);
  const [one, ...others] = own;
  if (!one || status.phase === 'Superseded') return [];
  const only = others.length === 0 ? one.service : undefined;
  const value = encodeButtonValue({ rollback: metadata.name, ...(only === undefined ? {} : { service: only }) });
  // What is patched asks for its version already, and its pods go on trying: only what was not touched can be tried again.
  const untouched = own.filter(({ patchedAt, state }) => patchedAt === undefined && state !== 'Unknown');
  const [again] = untouched.length === 1 ? untouched : [];
  const retry = button({
    id: ACTION_IDS.retry,
    text: again === undefined ? 'Retry what was not touched…' : `Retry ${again.service}…`,
    value: encodeButtonValue({ rollback: metadata.name, ...(again === undefined ? {} : { service: again.service }) }),
  });
  const isLeft = requests(spec, 'leave').length > 0;
  const isOpen = status.phase === 'Monitoring' || status.phase === 'Verifying';
  return [
    button({
      id: ACTION_IDS.chooseVersion,
      text: 'Choose another version…',
      value,
      style: 'primary',
      label: `Choose another version for ${only ?? 'what did not return'}: opens a form`,
    }),
    ...(untouched.length === 0 ? [] : [retry]),
    ...(isLeft || !isOpen ? [] : [button({ id: ACTION_IDS.leave, text: 'Leave as it is…', value })]),
  ];
}

/** Buttons are a function of the state: what is resolved or superseded keeps at most the way back. */
function buttons(rollback: Told): Buttons {
  const { status, metadata } = rollback;
  // Deleted by hand: no button finds it any more.
  if (status.phase === 'Cancelled') return [];
  const value = encodeButtonValue({ rollback: metadata.name });
  const isOver = status.phase === 'Resolved' || status.phase === 'Superseded';
  const patched = status.targets.some(({ patchedAt }) => patchedAt !== undefined);
  const bad = !isOver && verdict(rollback) === 'FAIL';
  const further = button({
    id: ACTION_IDS.goFurtherBack,
    text: 'Go further back…',
    value,
    ...(missing(rollback).length === 0 ? { style: 'primary' as const } : {}),
    label: `Go further back than this rollback of ${subject(rollback)}: opens a form`,
  });
  const commands = button({ id: ACTION_IDS.showCommands, text: 'Show commands', value });
  const undo = button({
    id: ACTION_IDS.undo,
    text: 'Undo this rollback…',
    value,
    label: `Undo the rollback of ${subject(rollback)}: opens a form`,
  });
  return [
    ...(isOver ? [] : forMissing(rollback)),
    ...(bad ? [further] : []),
    ...(bad || (!isOver && still(rollback).length > 0) ? [commands] : []),
    ...(patched && status.phase !== 'Superseded' ? [undo] : []),
  ];
}

const VERDICTS = { PASS: 'verification passed', FAIL: 'verification FAILED' };

/** "Rollback COMPLETE in production: auth-service is back at v1.4.2, verification passed." */
function sentence(rollback: Told): string {
  const { targets } = rollback.status;
  const gone = missing(rollback);
  const [first] = targets;
  const only = targets.length === 1 && first ? planned(rollback, first.service) : undefined;
  const count = `${targets.length - gone.length} of ${targets.length} services are back`;
  const back = only && gone.length === 0 ? `${serviceName(only.service)} is back at ${versionName(only.to)}` : count;
  const names = listed(gone.map(({ service }) => serviceName(service)));
  const what = gone.length === 0 ? back : `${back}, NOT back: ${names}`;
  const word = verdict(rollback);
  const verified = word === undefined ? 'not everything is verified' : VERDICTS[word];
  return `Rollback ${outcomeWord(rollback.status)} in ${environment(rollback)}: ${what}; ${verified}.`;
}

/** Once the outcome is known. */
export function outcome(rollback: Told): Slot[] {
  const { status } = rollback;
  if (status.outcomeAt === undefined) return [];
  const lines = [
    title(rollback, outcomeWord(status)),
    resultLine(rollback),
    verificationLine(rollback),
    `Status: ${statusLine(rollback)}`,
  ];
  return [
    post(rollback, {
      key: OUTCOME,
      text: sentence(rollback),
      blocks: [...sections(lines), ...actions(OUTCOME, buttons(rollback))],
      urgency: 'outcome',
    }),
  ];
}
