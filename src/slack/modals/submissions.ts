/** Submitted views other than the form: a check's answer, the rollback a message belongs to. Slack is answered within three seconds. */
import { z } from 'zod';
import type { ModalView } from '@slack/types';
import { NotFoundError, UnavailableError } from '#rollback/ports.ts';
import { checklistAnswers } from '#rollback/inputs.ts';
import type { CheckAnswer, Person } from '#rollback/spec.ts';
import { mayAct, recordedText, write } from '../actions/record.ts';
import { CHECK_ITEM, CHECK_TEXT, CHECK_VIEW } from '../actions/check-answer.ts';
import { sayDirectly, sayInPlace, type Say } from '../answer.ts';
import { LateError, within } from '../deadline.ts';
import { submitForm } from '../form/submit.ts';
import { FORM } from '../form/ids.ts';
import type { InputValue, SentView } from '../form/read-form.ts';
import { inputKey } from '../keys.ts';
import type { Room } from '../room.ts';
import { addNote, TIMELINE_ROLLBACK, TIMELINE_VIEW } from '../shortcuts/timeline.ts';

export interface Submission {
  view: SentView;
  person: Person;
  /** ISO 8601. */
  at: string;
  /** `performance.now()` when the envelope came. */
  receivedAt: number;
}

/** undefined: the view closes. */
export type SubmissionAnswer =
  | { response_action: 'errors'; errors: Record<string, string> }
  | { response_action: 'update'; view: ModalView }
  | undefined;

type Submit = (room: Room, submission: Submission) => Promise<SubmissionAnswer>;

const CheckMetadata = z.object({
  rollback: z.string(),
  answer: z.enum(['fail', 'not-needed']),
  channel: z.string().optional(),
});
const KeptMessage = z.object({ channel: z.string(), ts: z.string(), text: z.string() });

const ACK_BY_MS = 2500;
const STALE = 'This is of another version of the bot. Close it and try again.';

const CHECK_WORDS: Record<CheckAnswer, string> = {
  pass: 'the check passed.',
  fail: 'the check failed.',
  'not-needed': 'the check is not needed.',
  open: 'the check is needed again.',
};

/** Collects what would be said, so that a refusal becomes a field error instead of an ephemeral beside the view. */
function collected(): { say: Say; said: string[] } {
  const said: string[] = [];
  return {
    said,
    say: (text) => {
      said.push(text.replace(/^:\w+: /, ''));
      return Promise.resolve();
    },
  };
}

const error = (block: string, text: string): SubmissionAnswer => ({
  response_action: 'errors',
  errors: { [block]: text },
});

/** A field error for an API server or a Slack that stayed silent; anything else is thrown on. */
async function inTime(block: string, work: Promise<SubmissionAnswer>): Promise<SubmissionAnswer> {
  try {
    return await within(ACK_BY_MS, 'submission', work);
  } catch (failure) {
    if (failure instanceof NotFoundError) return error(block, 'That rollback was deleted.');
    if (!(failure instanceof UnavailableError || failure instanceof LateError)) throw failure;
    return error(block, 'The API server did not answer. Press again: it is recorded only once.');
  }
}

const valueOf = (view: SentView, block: string): InputValue | undefined => view.state.values[block]?.[block];

async function recordCheck(room: Room, { view, person, at }: Submission): Promise<SubmissionAnswer> {
  const metadata = CheckMetadata.safeParse(parsed(view.private_metadata));
  const item = valueOf(view, CHECK_ITEM)?.selected_option?.value;
  if (!metadata.success || item === undefined) return error(CHECK_ITEM, metadata.success ? 'Choose a check.' : STALE);
  const { rollback: name, answer, channel } = metadata.data;
  const rollback = room.rollbacks.get(name);
  if (rollback === undefined) return error(CHECK_ITEM, 'I cannot see that rollback now. Try again in a moment.');
  const text = valueOf(view, CHECK_TEXT)?.value?.trim().slice(0, 500) ?? '';
  const { say, said } = collected();
  const click = { person, say };
  if (!(await mayAct(room, click, rollback.spec.environment))) return error(CHECK_ITEM, said.join(' '));
  const { status, spec } = rollback;
  const before = checklistAnswers(status?.plan?.checklist ?? [], spec).find((a) => a.item.id === item)?.answer;
  // "Not needed…" on a check that is not needed takes it back: it has no box to do that with.
  const isBack = answer === 'not-needed' && before === 'not-needed';
  const recorded: CheckAnswer = isBack ? 'open' : answer;
  const input = { kind: 'check' as const, by: person, at, item, answer: recorded, ...(text === '' ? {} : { text }) };
  if (!(await write(room, click, name, inputKey(view.id, item), input))) return error(CHECK_ITEM, said.join(' '));
  const place = channel === undefined ? sayDirectly(room, person.id) : sayInPlace(room, threadOf(name, channel));
  void room.inFlight.track(place(recordedText(room, CHECK_WORDS[recorded])));
  return undefined;

  function threadOf(of: string, inChannel: string): { channel: string; user: string; threadTs: string | undefined } {
    const root = room.rollbacks.get(of)?.status?.slack['root'];
    return { channel: inChannel, user: person.id, threadTs: root?.channel === inChannel ? root.ts : undefined };
  }
}

async function recordNote(room: Room, { view, person, at }: Submission): Promise<SubmissionAnswer> {
  const message = KeptMessage.safeParse(parsed(view.private_metadata));
  const name = valueOf(view, TIMELINE_ROLLBACK)?.selected_option?.value;
  const rollback = name === undefined ? undefined : room.rollbacks.get(name);
  if (!message.success) return error(TIMELINE_ROLLBACK, STALE);
  if (rollback === undefined) return error(TIMELINE_ROLLBACK, 'I cannot see that rollback now. Choose another one.');
  const { say, said } = collected();
  await addNote(room, rollback, message.data, { person, at, say });
  const words = said.join(' ');
  if (!words.startsWith('Recorded')) return error(TIMELINE_ROLLBACK, words);
  void room.inFlight.track(sayInPlace(room, { channel: message.data.channel, user: person.id })(words));
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By callback id. */
export const submissions: ReadonlyMap<string, Submit> = new Map<string, Submit>([
  [FORM, submitForm],
  [CHECK_VIEW, (room, submission) => inTime(CHECK_ITEM, recordCheck(room, submission))],
  [TIMELINE_VIEW, (room, submission) => inTime(TIMELINE_ROLLBACK, recordNote(room, submission))],
]);
