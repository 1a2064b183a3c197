/**
 * NEEDS A PERSON: a reply in the thread, broadcast to the channel, that calls the holder. One slot per reason, at most one open at a
 * time (the controller tells only the most pressing); what is over is edited to say so, which notifies nobody.
 */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { escape } from '#blocks/escape.ts';
import { trueCondition } from '#rollback/conditions.ts';
import { NEEDS_PERSON_REASONS, type NeedsPersonReason } from '#rollback/reasons-of-conditions.ts';
import { ACTION_IDS, encodeButtonValue } from './action-ids.ts';
import { drill, mention, type Told } from './said.ts';
import type { Slot } from './slot.ts';

const OVER: Record<NeedsPersonReason, string> = {
  PastEta: 'No longer past its ETA.',
  NotBack: 'Answered.',
  HealthFailing: 'Health is good again.',
  CheckFailed: 'The failed check was answered anew.',
  PodsNotReady: 'All pods are ready again.',
};

/** The outcome itself calls the holder for these. */
function isToldByOutcome({ status }: Told, reason: NeedsPersonReason): boolean {
  return reason === 'NotBack' || (reason === 'HealthFailing' && status.phase !== 'Monitoring');
}

function buttons(rollback: Told, reason: NeedsPersonReason): ReturnType<typeof button>[] {
  const value = encodeButtonValue({ rollback: rollback.metadata.name });
  const commands = button({ id: ACTION_IDS.showCommands, text: 'Show commands', value });
  if (reason === 'PastEta') {
    return [
      button({ id: ACTION_IDS.waitLonger, text: 'Wait 10 more minutes', value }),
      button({ id: ACTION_IDS.chooseVersion, text: 'Choose another version…', value }),
      commands,
    ];
  }
  return [
    button({ id: ACTION_IDS.goFurtherBack, text: 'Go further back…', value }),
    button({ id: ACTION_IDS.undo, text: 'Undo this rollback…', value }),
    commands,
  ];
}

export function needsPerson(rollback: Told): Slot[] {
  const { status } = rollback;
  const open = trueCondition(status.conditions, 'NeedsPerson');
  const environment = escape(status.plan.environment.name);
  return NEEDS_PERSON_REASONS.flatMap((reason): Slot[] => {
    const key = `needs-person/${reason}`;
    const isOpen = open?.reason === reason && !isToldByOutcome(rollback, reason);
    if (!isOpen && status.slack[key] === undefined) return [];
    const text = isOpen
      ? `${drill(rollback)}*NEEDS A PERSON* — ${environment}: ${escape(open.message)} ${mention(rollback)}`
      : `${drill(rollback)}*No longer needs a person* — ${environment}: ${OVER[reason]}`;
    return [
      {
        key,
        channel: status.plan.environment.channel,
        thread: 'root',
        broadcast: true,
        text: text.replaceAll('*', ''),
        blocks: [section(text), ...(isOpen ? actions(key, buttons(rollback, reason)) : [])],
        urgency: 'outcome',
      },
    ];
  });
}
