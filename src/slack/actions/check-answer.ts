/** "A check failed…" and "Not needed…": which one, and in a few words why. */
import type { ModalView } from '@slack/types';
import { option, plain } from '#blocks/elements.ts';
import { checklistAnswers } from '#rollback/inputs.ts';
import type { CheckAnswer } from '#rollback/spec.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Click } from '../click.ts';
import type { Room } from '../room.ts';
import { alreadyEnded, mayAct, rollbackOf } from './record.ts';

export const CHECK_VIEW = 'rollback_check_answer';
export const CHECK_ITEM = 'check_item';
export const CHECK_TEXT = 'check_text';

/** The trigger lives three seconds, the way to us and back included. */
const BEFORE_TRIGGER_MS = 1500;

export type TextAnswer = 'fail' | 'not-needed';

const WORDS: Record<TextAnswer, { title: string; label: string; submit: string }> = {
  fail: { title: 'A check failed', label: 'What did you see?', submit: 'Record as failed' },
  'not-needed': { title: 'A check is not needed', label: 'Why not?', submit: 'Record' },
};

const NOW: Record<CheckAnswer, string> = {
  open: 'Not answered',
  pass: 'Done',
  fail: 'Failed',
  'not-needed': 'Not needed; choose it to take that back',
};

/** Open checks first: they are the ones that are answered next. */
export function checkAnswerView(rollback: Rollback, answer: TextAnswer, channel: string | undefined): ModalView {
  const { status, spec, metadata } = rollback;
  const answers = checklistAnswers(status?.plan?.checklist ?? [], spec, status?.verification);
  const sorted = answers.toSorted((a, b) => Number(a.answer !== 'open') - Number(b.answer !== 'open'));
  const words = WORDS[answer];
  return {
    type: 'modal',
    callback_id: CHECK_VIEW,
    title: plain(words.title),
    submit: plain(words.submit),
    close: plain('Close'),
    private_metadata: JSON.stringify({ rollback: metadata.name, answer, channel }),
    blocks: [
      {
        type: 'input',
        block_id: CHECK_ITEM,
        label: plain('Check'),
        element: {
          type: 'static_select',
          action_id: CHECK_ITEM,
          options: sorted.map(({ item, answer: now }) => option(item.text.replaceAll('`', ''), item.id, NOW[now])),
        },
      },
      {
        type: 'input',
        block_id: CHECK_TEXT,
        label: plain(words.label),
        optional: answer === 'not-needed',
        element: { type: 'plain_text_input', action_id: CHECK_TEXT, max_length: 500 },
      },
    ],
  };
}

export function checkAnswerAction(answer: TextAnswer): (room: Room, click: Click) => Promise<void> {
  return async (room, click) => {
    const rollback = await rollbackOf(room, click);
    if (rollback === undefined) return;
    const ended = alreadyEnded(rollback);
    if (ended !== undefined) return await click.say(ended);
    if (!(await mayAct(room, click, rollback.spec.environment, BEFORE_TRIGGER_MS))) return;
    const view = checkAnswerView(rollback, answer, click.channel);
    await room.slack.interactive.views.open({ trigger_id: click.triggerId, view });
  };
}
