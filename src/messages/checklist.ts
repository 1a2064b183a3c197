/**
 * The runbook's manual checks as checkboxes in the thread. A block_id carries what that person saw (`checks:r7:0b0101`), so that any
 * replica can tell what was ticked and two people never overwrite each other (design §6). There is deliberately no "tick all".
 */
import { actions, context, section } from '#blocks/blocks.ts';
import { button, CHECKBOXES_MAX, checkboxes } from '#blocks/elements.ts';
import { escape } from '#blocks/escape.ts';
import { utcTime } from '#blocks/time.ts';
import { checklistAnswers, inputsOf, type ChecklistAnswer } from '#rollback/inputs.ts';
import { ACTION_IDS, encodeButtonValue } from './action-ids.ts';
import { drill, type Told } from './said.ts';
import type { Slot } from './slot.ts';

/** Order of the plan's checklist; bit i set: item i was shown ticked. */
export function encodeSeen(revision: number, part: number, shown: readonly boolean[]): string {
  return `checks:r${revision}.${part}:0b${shown.map((ticked) => (ticked ? 1 : 0)).join('')}`;
}

/** What the clicker saw, from a block_id; undefined: not one of ours. */
export function readSeen(blockId: string): { part: number; shown: boolean[] } | undefined {
  const [, part, bits] = /^checks:r\d+\.(\d+):0b([01]*)$/.exec(blockId) ?? [];
  if (part === undefined || bits === undefined) return undefined;
  return { part: Number(part), shown: Array.from(bits, (bit) => bit === '1') };
}

/** Ticks that differ from what was shown: item id → ticked. */
export function ticksChanged(
  itemIds: readonly string[],
  blockId: string,
  selected: readonly string[],
): Map<string, boolean> {
  const seen = readSeen(blockId);
  if (!seen) return new Map();
  const changed = itemIds
    .map((id, i) => ({ id, i, ticked: selected.includes(id) }))
    .filter(({ i }) => Math.floor(i / CHECKBOXES_MAX) === seen.part)
    .filter(({ i, ticked }) => ticked !== (seen.shown[i] ?? false));
  return new Map(changed.map(({ id, ticked }) => [id, ticked]));
}

function whoAndWhen({ by, byBot, at, text }: ChecklistAnswer): string {
  const when = at === undefined ? '' : `, ${utcTime(at)}`;
  if (byBot) return `bot: ${text ?? ''}${when}`;
  return by ? `${by.name}${when}` : '';
}

function stated(answers: readonly ChecklistAnswer[]): string[] {
  return answers.flatMap((a) => {
    const note = a.text && !a.byBot ? `: ${escape(a.text)}` : '';
    const who = escape(whoAndWhen({ ...a, ...(a.byBot ? { text: '' } : {}) }));
    if (a.answer === 'fail')
      return [`:x: *FAILED* ${escape(a.item.text)} (${a.byBot ? escape(a.text ?? '') : who})${note}`];
    if (a.answer === 'not-needed') return [`:heavy_minus_sign: Not needed: ${escape(a.item.text)} (${who})${note}`];
    return [];
  });
}

function boxes(rollback: Told, answers: readonly ChecklistAnswer[]): ReturnType<typeof actions> {
  const revision = inputsOf(rollback.spec, 'check').length;
  const shown = answers.map(({ answer }) => answer === 'pass');
  const parts = Array.from({ length: Math.ceil(answers.length / CHECKBOXES_MAX) }, (_v, part) => part);
  return parts.flatMap((part) => {
    const options = answers
      .slice(part * CHECKBOXES_MAX, (part + 1) * CHECKBOXES_MAX)
      .filter(({ answer }) => answer !== 'not-needed')
      .map((a) => ({
        text: escape(a.item.text),
        value: a.item.id,
        checked: a.answer === 'pass',
        description: a.answer === 'pass' ? whoAndWhen(a) : '',
      }));
    if (options.length === 0) return [];
    return actions(encodeSeen(revision, part, shown), [checkboxes(ACTION_IDS.check, options)]);
  });
}

/** From the outcome on, while something returned. */
export function checklist(rollback: Told): Slot[] {
  const { status, spec, metadata } = rollback;
  const returned = status.targets.some(({ state }) => state === 'Back' || state === 'Superseded');
  if (status.outcomeAt === undefined || !returned || status.plan.checklist.length === 0) return [];
  const answers = checklistAnswers(status.plan.checklist, spec, status.verification);
  const done = answers.filter(({ answer }) => answer !== 'open').length;
  const summary = `${drill(rollback)}Verification: ${done} of ${answers.length} answered.`;
  const next = answers.find(({ answer }) => answer === 'open');
  const link = next?.item.link ? ` <${next.item.link}|Open>` : '';
  const isOver = status.phase === 'Resolved' || status.phase === 'Superseded';
  const value = encodeButtonValue({ rollback: metadata.name });
  const more = [
    button({ id: ACTION_IDS.checkFailed, text: 'A check failed…', value }),
    button({ id: ACTION_IDS.checkNotNeeded, text: 'Not needed…', value }),
  ];
  const ticked = answers
    .filter(({ answer }) => answer === 'pass')
    .map((a) => `:white_check_mark: ${escape(a.item.text)} (${escape(whoAndWhen(a))})`);
  return [
    {
      key: 'checklist',
      channel: status.plan.environment.channel,
      thread: 'root',
      text: summary,
      blocks: [
        section([`*${summary}*`, ...(next && !isOver ? [`Next: ${escape(next.item.text)}${link}`] : [])].join('\n')),
        ...(stated(answers).length > 0 ? [section(stated(answers).join('\n'))] : []),
        ...(isOver ? (ticked.length > 0 ? [section(ticked.join('\n'))] : []) : boxes(rollback, answers)),
        ...(isOver ? [] : actions('checklist', more)),
        ...(isOver ? [context('This rollback is closed; answers are kept as they stand.')] : []),
      ],
      urgency: 'ticks',
    },
  ];
}
