/**
 * NEEDS A PERSON: a reply in the thread, broadcast to the channel, that calls the holder. Each need is a message of its own, for an edit
 * notifies nobody; its key holds the reason and when the need arose. What is over is edited to say so.
 */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { inline } from '#blocks/escape.ts';
import type { NeedsPersonReason } from '#rollback/reasons-of-conditions.ts';
import type { Condition, Phase } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { isNeedReason, openQuestion } from './open-question.ts';
import { because, environment, listed, mention, pods, serviceName, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { broadcast } from '../slots.ts';

const PREFIX = 'needs-person/';

const OVER: Record<NeedsPersonReason, string> = {
  HeldUp: 'nothing is in the way any more.',
  PastEta: 'no longer past its ETA.',
  NotBack: 'answered.',
  HealthFailing: 'health is good again.',
  CheckFailed: 'the failed check was answered anew.',
  PodsNotReady: 'all pods are ready again.',
};

const ASKS_NOTHING: ReadonlySet<Phase> = new Set(['Superseded', 'Cancelled', 'Refused']);

function keyOf({ reason, lastTransitionTime }: Condition): string {
  return `${PREFIX}${reason.slice(0, 60)}/${Math.floor(Date.parse(lastTransitionTime) / 1000)}`;
}

/** "auth-service is past its ETA. 1 of 3 pods ready (image not found)." as last seen; else as the controller said it. */
function what({ status }: Told, { reason, message }: Condition): string {
  const late = status.targets.filter(({ state }) => state === 'Patched' || state === 'Waiting');
  const [only] = late;
  if (reason !== 'PastEta' || !only) return inline(message, 1500);
  if (late.length === 1) return `${serviceName(only.service)} is past its ETA. ${pods(only)}${because(only)}.`;
  const each = late.map((t) => `${serviceName(t.service)}, ${pods(t)}${because(t)}`);
  return `${late.length} services are past their ETA: ${listed(each, '; ', 1500)}.`;
}

function buttons({ metadata, status }: Told, { reason }: Condition): ReturnType<typeof button>[] {
  const value = encodeButtonValue({ rollback: metadata.name });
  const late = status.targets.filter(({ state }) => state === 'Patched' || state === 'Waiting');
  const [only] = late;
  const ofOne = encodeButtonValue({
    rollback: metadata.name,
    ...(late.length === 1 && only ? { service: only.service } : {}),
  });
  const commands = button({ id: ACTION_IDS.showCommands, text: 'Show commands', value });
  if (reason === 'PastEta' || reason === 'HeldUp') {
    return [
      button({ id: ACTION_IDS.waitLonger, text: 'Wait 10 more minutes', value, style: 'primary' }),
      button({ id: ACTION_IDS.chooseVersion, text: 'Choose another version…', value: ofOne }),
      commands,
    ];
  }
  return [
    button({ id: ACTION_IDS.goFurtherBack, text: 'Go further back…', value, style: 'primary' }),
    button({ id: ACTION_IDS.undo, text: 'Undo this rollback…', value }),
    commands,
  ];
}

function open(rollback: Told, need: Condition): Slot {
  const said = what(rollback, need);
  const who = mention(rollback);
  return broadcast(rollback, {
    key: keyOf(need),
    text: `NEEDS A PERSON: the rollback in ${environment(rollback)}: ${said} ${who}`,
    blocks: [
      section(`*NEEDS A PERSON* — ${environment(rollback)}: ${said} ${who}`),
      ...actions(keyOf(need), buttons(rollback, need)),
    ],
    urgency: 'buttons',
  });
}

/** `isWaiting`: it is still so, and asked in a newer post. */
function closed(rollback: Told, key: string, isWaiting: boolean): Slot {
  const [, reason = ''] = key.split('/');
  const why = isWaiting
    ? 'see the question asked after this.'
    : isNeedReason(reason) && !ASKS_NOTHING.has(rollback.status.phase)
      ? OVER[reason]
      : 'nothing is asked any more.';
  const place = environment(rollback);
  return broadcast(rollback, {
    key,
    text: `${isWaiting ? 'Asked again' : 'No longer needs a person'}: the rollback in ${place}: ${why}`,
    blocks: [section(`*${isWaiting ? 'Asked again' : 'No longer needs a person'}* — ${place}: ${why}`)],
    urgency: 'buttons',
  });
}

/** The open one, and those that were open before. */
export function needsPerson(rollback: Told): Slot[] {
  const question = openQuestion(rollback);
  const need = question?.ask === 'need' ? question.need : undefined;
  const waiting = question?.ask === 'resolve' && question.need ? keyOf(question.need) : undefined;
  const current = need && keyOf(need);
  const before = Object.keys(rollback.status.slack).filter((key) => key.startsWith(PREFIX) && key !== current);
  return [
    ...before.toSorted().map((key) => closed(rollback, key, key === waiting)),
    ...(need ? [open(rollback, need)] : []),
  ];
}
