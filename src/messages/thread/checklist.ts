/**
 * The runbook's manual checks as checkboxes in the thread, with who and when. The next open one comes first with its link, above the
 * boxes: the boxes keep the runbook's order, so that none moves under a finger. There is deliberately no "tick all".
 */
import { actions, context, section, sections } from '#blocks/blocks.ts';
import { button, CHECKBOXES_MAX, checkboxes } from '#blocks/elements.ts';
import { inline, link, oneLine } from '#blocks/escape.ts';
import { timeForReader, utcTime } from '#blocks/time.ts';
import { checklistAnswers, inputsOf, type ChecklistAnswer } from '#rollback/inputs.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { clause, environment, hasReturned, name, type Told } from '../said.ts';
import { CHECKS_MAX, encodeSeen } from '../seen-checks.ts';
import type { Slot } from '../slot.ts';
import { reply } from '../slots.ts';

const CHECK_TEXT_MAX = 200;

/** Plain text, under a box: "Maya Chen, 03:07 UTC", "bot: 9/9, 03:07 UTC". */
function underBox({ by, byBot, at, text = '' }: ChecklistAnswer): string {
  const who = byBot ? `bot: ${text}` : (by?.name ?? '');
  return oneLine(at === undefined ? who : `${who}, ${utcTime(at)}`);
}

/** mrkdwn: "(Maya Chen, 03:07 UTC): answers 500". */
function answeredBy({ by, byBot, at, text = '' }: ChecklistAnswer): string {
  const when = at === undefined ? '' : `, ${timeForReader(at)}`;
  const said = text === '' ? '' : `: ${clause(text, 500)}`;
  return byBot ? ` (bot${when})${said}` : by ? ` (${name(by)}${when})${said}` : '';
}

const WORDS: Record<ChecklistAnswer['answer'], string> = {
  pass: ':white_check_mark: Done:',
  fail: ':x: *FAILED:*',
  'not-needed': 'Not needed:',
  open: 'Not answered:',
};

function told(answers: readonly ChecklistAnswer[]): string[] {
  return answers.map((a) => `${WORDS[a.answer]} ${inline(a.item.text, CHECK_TEXT_MAX)}${answeredBy(a)}`);
}

/** What is not needed has no box; "Not needed…" takes it back. */
function boxes(rollback: Told, answers: readonly ChecklistAnswer[]): ReturnType<typeof actions> {
  const revision = inputsOf(rollback.spec, 'check').length;
  const shown = answers.map(({ answer }) => answer === 'pass');
  const parts = Array.from({ length: Math.ceil(answers.length / CHECKBOXES_MAX) }, (_v, part) => part);
  return parts.flatMap((part) => {
    const options = answers
      .slice(part * CHECKBOXES_MAX, (part + 1) * CHECKBOXES_MAX)
      .filter(({ answer }) => answer !== 'not-needed')
      .map((a) => ({
        text: inline(a.item.text),
        value: a.item.id,
        checked: a.answer === 'pass',
        description: a.answer === 'pass' ? underBox(a) : '',
      }));
    if (options.length === 0) return [];
    return actions(encodeSeen(revision, part, shown), [checkboxes(ACTION_IDS.check, options)]);
  });
}

/** The open ones that have somewhere to look, after the next one. */
function links(answers: readonly ChecklistAnswer[]): string {
  const open = answers.filter(({ answer }) => answer === 'open').slice(1);
  return open.flatMap(({ item }) => (item.link === undefined ? [] : [link(item.link, oneLine(item.text))])).join(' · ');
}

function head(summary: string, answers: readonly ChecklistAnswer[]): string {
  const next = answers.find(({ answer }) => answer === 'open');
  const all = next === undefined ? '' : `\nNext: ${inline(next.item.text, CHECK_TEXT_MAX)}`;
  const open = next?.item.link === undefined ? '' : ` ${link(next.item.link, 'Open')}`;
  return `*${summary}*${all}${open}`;
}

function blocks(rollback: Told, summary: string, answers: readonly ChecklistAnswer[]): Slot['blocks'] {
  const { phase } = rollback.status;
  if (phase === 'Resolved' || phase === 'Superseded') {
    const closed = context('This rollback is closed. The answers stay as they are.');
    return [...sections([`*${summary}*`, ...told(answers)]), closed];
  }
  const value = encodeButtonValue({ rollback: rollback.metadata.name });
  const said = told(answers.filter(({ answer }) => answer === 'fail' || answer === 'not-needed'));
  const where = links(answers);
  return [
    section(head(summary, answers)),
    ...sections(said),
    ...boxes(rollback, answers),
    ...(where === '' ? [] : [context(`Where to look: ${where}`)]),
    ...actions('checklist', [
      button({ id: ACTION_IDS.checkFailed, text: 'A check failed…', value }),
      button({ id: ACTION_IDS.checkNotNeeded, text: 'Not needed…', value }),
    ]),
  ];
}

/** From the outcome on, while something returned. */
export function checklist(rollback: Told): Slot[] {
  const { status, spec } = rollback;
  const returned = status.targets.some((target) => hasReturned(status, target));
  if (status.outcomeAt === undefined || !returned || status.plan.checklist.length === 0) return [];
  const answers = checklistAnswers(status.plan.checklist, spec, status.verification);
  const done = answers.filter(({ answer }) => answer !== 'open').length;
  const failed = answers.filter(({ answer }) => answer === 'fail').length;
  const own = answers.filter(({ answer, byBot }) => byBot && answer !== 'open').length;
  const byBot = own === 0 ? '' : ` (${own} by the bot)`;
  const summary = `Verification: ${done} of ${answers.length} answered${byBot}${failed > 0 ? `, ${failed} FAILED` : ''}.`;
  return [
    reply(rollback, {
      key: 'checklist',
      text: `${summary.slice(0, -1)} after the rollback in ${environment(rollback)}.`,
      blocks: blocks(rollback, summary, answers.slice(0, CHECKS_MAX)),
      urgency: 'ticks',
    }),
  ];
}
