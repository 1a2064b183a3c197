/** The one question at the end of the monitoring period, broadcast with a mention. Asked anew only after "Watch 15 more minutes". */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { inline } from '#blocks/escape.ts';
import { minutes } from '#blocks/time.ts';
import { checklistAnswers, requests } from '#rollback/inputs.ts';
import { trueCondition } from '#rollback/conditions.ts';
import type { CheckAnswer, Input } from '#rollback/spec.ts';
import type { Condition } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { openQuestion } from './open-question.ts';
import { environment, listed, mention, name, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { broadcast, isPosted } from '../slots.ts';

/** The checklist as it stood then; without a time, as it is. */
function named({ spec, status }: Told, wanted: CheckAnswer, untilIso?: string): string[] {
  const isThen = ([, { at }]: [string, Input]): boolean =>
    untilIso === undefined || Date.parse(at) <= Date.parse(untilIso);
  const inputs = Object.fromEntries(Object.entries(spec.inputs ?? {}).filter(isThen));
  return checklistAnswers(status.plan.checklist, { ...spec, inputs }, status.verification)
    .filter(({ answer }) => answer === wanted)
    .map(({ item }) => inline(item.text, 120));
}

/** Characters of each list: the checklist names them all. */
const CHECKS_TOLD = 250;

type Calm = 'stable' | 'over' | { need: string };

function howItWent(period: string, calm: Calm): string {
  if (calm === 'stable') return `${period} stable.`;
  return calm === 'over' ? `${period} are over.` : `${period} are over, NOT stable: ${inline(calm.need, 800)}`;
}

/** "15 minutes stable. Not answered: Grafana latency, Sentry."; not "stable" while something is wrong. */
function question(rollback: Told, calm: Calm, untilIso?: string): string {
  const failed = named(rollback, 'fail', untilIso);
  const open = named(rollback, 'open', untilIso);
  const period = minutes(rollback.status.plan.monitoringMinutes);
  return [
    howItWent(period, calm === 'stable' && failed.length > 0 ? 'over' : calm),
    ...(failed.length > 0 ? [`Failed: ${listed(failed, ', ', CHECKS_TOLD)}.`] : []),
    ...(open.length > 0 ? [`Not answered: ${listed(open, ', ', CHECKS_TOLD)}.`] : []),
  ].join(' ');
}

/** A check that failed is named with the others below; pods and health may well be stable. */
const unrest = ({ reason, message }: Condition): Calm => (reason === 'CheckFailed' ? 'over' : { need: message });

const calmNow = (need: Condition | undefined): Calm => (need ? unrest(need) : 'stable');

/** As far as the object still tells: of a need only its last change is kept, and never more is claimed than that. */
function calmThen({ status }: Told, answeredIso: string, isLast: boolean): Calm {
  const need = status.conditions.find(({ type }) => type === 'NeedsPerson');
  if (need === undefined) return 'stable';
  const changedMs = Date.parse(need.lastTransitionTime);
  if (need.status === 'True') return changedMs <= Date.parse(answeredIso) ? unrest(need) : 'over';
  return isLast && changedMs <= Date.parse(status.askedAt ?? '') ? 'stable' : 'over';
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

interface Answered {
  words: string;
  /** When; absent: it waits. */
  at?: string;
}

function answerOf({ spec, status }: Told, round: number): Answered {
  const later = requests(spec, 'watch-longer')[round];
  if (later) {
    return { words: `Watched for ${minutes(status.plan.monitoringMinutes)} more (${name(later.by)}).`, at: later.at };
  }
  if (status.phase === 'Monitoring') return { words: 'Asked again once what was asked after this is answered.' };
  const by = requests(spec, 'resolve').at(-1)?.by;
  const at = status.endedAt === undefined ? {} : { at: status.endedAt };
  if (status.phase === 'Resolved' && by) return { words: `Answered: marked resolved by ${name(by)}.`, ...at };
  // Answered by the last check: the question as it was put.
  const asked = status.askedAt === undefined ? at : { at: status.askedAt };
  if (status.phase === 'Resolved')
    return { words: 'Answered: nothing is open any more, resolved by itself.', ...asked };
  return { words: 'Not asked any more.', ...at };
}

/** The question stays, with the answer and whose it is below it. */
function closed(rollback: Told, round: number, isLast: boolean): string {
  const { words, at } = answerOf(rollback, round);
  const { status } = rollback;
  const calm =
    at === undefined ? calmNow(trueCondition(status.conditions, 'NeedsPerson')) : calmThen(rollback, at, isLast);
  return `${question(rollback, calm, at)}\n${words}`;
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
    const said = isOpen
      ? `${question(rollback, calmNow(need))} ${mention(rollback)}`
      : closed(rollback, round, round === current);
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
