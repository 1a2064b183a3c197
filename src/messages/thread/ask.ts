/** The one question at the end of the monitoring period, broadcast with a mention. Asked anew only after "Watch 15 more minutes". */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { inline } from '#blocks/escape.ts';
import { minutes } from '#blocks/time.ts';
import { checklistAnswers, requests } from '#rollback/inputs.ts';
import type { CheckAnswer } from '#rollback/spec.ts';
import type { Condition } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { openQuestion } from './open-question.ts';
import { environment, listed, mention, name, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { broadcast, isPosted } from '../slots.ts';

function named(rollback: Told, wanted: CheckAnswer): string[] {
  const { status, spec } = rollback;
  return checklistAnswers(status.plan.checklist, spec, status.verification)
    .filter(({ answer }) => answer === wanted)
    .map(({ item }) => inline(item.text, 120));
}

/** Characters of each list: the checklist names them all. */
const CHECKS_TOLD = 250;

function howItWent(period: string, need: Condition | undefined, hasFailed: boolean): string {
  if (need) return `${period} are over, NOT stable: ${inline(need.message, 800)}`;
  return hasFailed ? `${period} are over.` : `${period} stable.`;
}

/** "15 minutes stable. Not answered: Grafana latency, Sentry. @holder"; not "stable" while something is wrong. */
function question(rollback: Told, need: Condition | undefined): string {
  const failed = named(rollback, 'fail');
  const open = named(rollback, 'open');
  const period = minutes(rollback.status.plan.monitoringMinutes);
  return [
    howItWent(period, need, failed.length > 0),
    ...(failed.length > 0 ? [`Failed: ${listed(failed, ', ', CHECKS_TOLD)}.`] : []),
    ...(open.length > 0 ? [`Not answered: ${listed(open, ', ', CHECKS_TOLD)}.`] : []),
    mention(rollback),
  ].join(' ');
}

function buttons({ metadata, status }: Told, need: Condition | undefined): ReturnType<typeof button>[] {
  const value = encodeButtonValue({ rollback: metadata.name });
  const period = minutes(status.plan.monitoringMinutes).replace(' ', ' more ');
  return [
    button({ id: ACTION_IDS.resolve, text: 'Mark resolved', value, ...(need ? {} : { style: 'primary' as const }) }),
    button({ id: ACTION_IDS.watchLonger, text: `Watch ${period}`, value }),
    ...(need ? [button({ id: ACTION_IDS.goFurtherBack, text: 'Go further back…', value })] : []),
  ];
}

function howItEnded(rollback: Told, round: number): string {
  const { spec, status } = rollback;
  const later = requests(spec, 'watch-longer')[round];
  if (later) return `Watched for ${minutes(status.plan.monitoringMinutes)} more (${name(later.by)}).`;
  if (status.phase === 'Monitoring') return 'Asked again once what was asked after this is answered.';
  const by = requests(spec, 'resolve').at(-1)?.by;
  return status.phase === 'Resolved' && by ? `Answered: marked resolved by ${name(by)}.` : 'Answered.';
}

/** One slot per round; a round ends with "Watch … more minutes". */
export function ask(rollback: Told): Slot[] {
  const current = requests(rollback.spec, 'watch-longer').length;
  const open = openQuestion(rollback);
  return Array.from({ length: current + 1 }, (_v, round) => round).flatMap((round): Slot[] => {
    const key = `ask/${round}`;
    const isOpen = round === current && open?.ask === 'resolve';
    if (!isOpen && !isPosted(rollback, key)) return [];
    const need = isOpen ? open.need : undefined;
    const said = isOpen ? question(rollback, need) : howItEnded(rollback, round);
    return [
      broadcast(rollback, {
        key,
        text: `Rollback in ${environment(rollback)}: ${said}`,
        blocks: [section(said), ...(isOpen ? actions(key, buttons(rollback, need)) : [])],
        urgency: isOpen ? 'outcome' : 'buttons',
      }),
    ];
  });
}
