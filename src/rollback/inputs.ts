/**
 * Reading `spec.inputs`: pure folds over what people added. Order is the time of the Slack action, then the key; for a checklist item
 * the last answer counts and all are kept (design §2).
 */
import type { ChecklistItem } from './plan.ts';
import type { CheckAnswer, Input, Person, RollbackSpec } from './spec.ts';
import type { Verification } from './status.ts';

export type InputOf<K extends Input['kind']> = Extract<Input, { kind: K }>;
type Request = InputOf<'request'>['request'];

/** All inputs of one kind, oldest first. */
export function inputsOf<K extends Input['kind']>(spec: RollbackSpec, kind: K): InputOf<K>[] {
  return Object.entries(spec.inputs ?? {})
    .filter((entry): entry is [string, InputOf<K>] => entry[1].kind === kind)
    .toSorted(([ka, a], [kb, b]) => Date.parse(a.at) - Date.parse(b.at) || (ka < kb ? -1 : 1))
    .map(([, input]) => input);
}

/** Requests of one sort, oldest first. */
export function requests(spec: RollbackSpec, request: Request): InputOf<'request'>[] {
  return inputsOf(spec, 'request').filter((input) => input.request === request);
}

/** Whoever holds the rollback: the starter, until somebody takes over. Mentions go to them. */
export function holder(spec: RollbackSpec): Person {
  return requests(spec, 'take-over').at(-1)?.by ?? spec.requestedBy;
}

export interface ChecklistAnswer {
  item: ChecklistItem;
  /** `open`: nobody answered, or the answer was taken back. */
  answer: CheckAnswer;
  by?: Person;
  /** The bot answered it, from its health checks; `text` is the evidence. */
  byBot?: boolean;
  at?: string;
  text?: string;
}

/** What the bot itself answers from its health checks; nothing unless every service was seen to pass or one to fail. */
function answerOfBot(item: ChecklistItem, verification: Verification): ChecklistAnswer {
  const { health, at } = verification;
  const passed = health.filter(({ result }) => result === 'pass').length;
  const failed = health.filter(({ result }) => result === 'fail');
  if (failed.length > 0) {
    return { item, answer: 'fail', at, byBot: true, text: failed.map((h) => `${h.service}: ${h.evidence}`).join('; ') };
  }
  const all = health.length > 0 && passed === health.length;
  return { item, answer: all ? 'pass' : 'open', at, byBot: true, text: `${passed}/${health.length}` };
}

/**
 * The runbook's manual checks with the answer that counts, in the checklist's order. A person's answer counts before the bot's; the
 * bot answers only items marked `health`, from `verification`.
 */
export function checklistAnswers(
  items: readonly ChecklistItem[],
  spec: RollbackSpec,
  verification?: Verification,
): ChecklistAnswer[] {
  const answers = new Map(inputsOf(spec, 'check').map((input) => [input.item, input]));
  return items.map((item) => {
    const last = answers.get(item.id);
    if (last !== undefined && !(last.answer === 'open' && item.answeredBy === 'health')) {
      const { answer, by, at, text } = last;
      return { item, answer, by, at, ...(text === undefined ? {} : { text }) };
    }
    if (item.answeredBy === 'health' && verification) return answerOfBot(item, verification);
    return { item, answer: 'open' };
  });
}

/** Every check is answered and none failed: the rollback may resolve by itself. */
export function allAnsweredWell(answers: readonly ChecklistAnswer[]): boolean {
  return answers.every(({ answer }) => answer === 'pass' || answer === 'not-needed');
}
