/** The one question at the end of the monitoring period, broadcast with a mention. Asked anew only after "Watch 15 more minutes". */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { escape } from '#blocks/escape.ts';
import { trueCondition } from '#rollback/conditions.ts';
import { checklistAnswers, requests } from '#rollback/inputs.ts';
import { ACTION_IDS, encodeButtonValue } from './action-ids.ts';
import { drill, mention, name, type Told } from './said.ts';
import type { Slot } from './slot.ts';

function question(rollback: Told): string {
  const { status, spec } = rollback;
  const answers = checklistAnswers(status.plan.checklist, spec, status.verification);
  const open = answers.filter(({ answer }) => answer === 'open').map(({ item }) => escape(item.text));
  const failed = answers.filter(({ answer }) => answer === 'fail').map(({ item }) => escape(item.text));
  const need = trueCondition(status.conditions, 'NeedsPerson');
  return [
    need ? `${status.plan.monitoringMinutes} minutes are over.` : `${status.plan.monitoringMinutes} minutes stable.`,
    ...(need ? [escape(need.message)] : []),
    ...(failed.length > 0 ? [`Failed: ${failed.join(', ')}.`] : []),
    ...(open.length > 0 ? [`Not answered: ${open.join(', ')}.`] : []),
    mention(rollback),
  ].join(' ');
}

export function ask(rollback: Told): Slot[] {
  const { status, spec, metadata } = rollback;
  const prolonged = requests(spec, 'watch-longer');
  const value = encodeButtonValue({ rollback: metadata.name });
  const rounds = Array.from({ length: prolonged.length + 1 }, (_v, round) => round);
  return rounds.flatMap((round): Slot[] => {
    const key = `ask/${round}`;
    const isOpen = round === prolonged.length && status.askedAt !== undefined && status.phase === 'Monitoring';
    if (!isOpen && status.slack[key] === undefined) return [];
    const later = prolonged[round];
    const answer = later
      ? `Watched for ${status.plan.monitoringMinutes} more minutes (${name(later.by)}).`
      : 'Answered.';
    const text = drill(rollback) + (isOpen ? question(rollback) : answer);
    const buttons = [
      button({ id: ACTION_IDS.resolve, text: 'Mark resolved', value, style: 'primary' }),
      button({ id: ACTION_IDS.watchLonger, text: `Watch ${status.plan.monitoringMinutes} more minutes`, value }),
    ];
    return [
      {
        key,
        channel: status.plan.environment.channel,
        thread: 'root',
        broadcast: true,
        text,
        blocks: [section(text), ...(isOpen ? actions(key, buttons) : [])],
        urgency: 'outcome',
      },
    ];
  });
}
