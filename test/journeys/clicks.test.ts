import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import type { Person, SeenMessage } from '#playground/slack/people/person.ts';
import { opensOnce } from '#test/harness/form.ts';
import { deploy, untilReads } from '#test/harness/story.ts';

let night: Journey;
let root: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'auth-service');
  await opensOnce(night, 'auth-service production logins fail', /→/, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
  await maya.submit();
  await maya.close();
  root = await night.post(/ROLLBACK INITIATED/);
  await night.post(/\*ROLLBACK COMPLETE\*/);
});
afterAll(() => night.stop());

const told = (person: Person, words: RegExp) =>
  night.until(`${person.id} is told ${String(words)}`, () => person.message(words)?.ephemeral);
const inputs = () => Object.values(night.rollbacks()[0]?.spec.inputs ?? {});
const checklist = () => night.post(/Verification: \d of 9 answered/);
const formReads = (words: RegExp) =>
  night.until(`the form reads ${String(words)}`, () =>
    words.test(night.maya.modal()?.reads ?? '') ? night.maya.modal() : undefined,
  );

it('a click of somebody who may not is refused with who may, and writes nothing', async () => {
  await night.sam.click('Take over', await night.until('a root', () => night.sam.message(/ROLLBACK INITIATED/)));
  await told(night.sam, /Not recorded.*@oncall-backend/);
  const refusal = night.sam.message(/Not recorded/);
  expect(refusal).toMatchObject({ ephemeral: true });
  expect(refusal?.threadTs).toBeUndefined();
  expect(inputs()).toEqual([]);
});

it('taking over is recorded once, and said to whoever clicks again', async () => {
  const { tom } = night;
  await tom.click('Take over', root);
  await told(tom, /Recorded: you hold this rollback now/);
  await tom.click('Take over', root);
  await told(tom, /You hold this rollback already/);
  expect(inputs()).toHaveLength(1);
});

it('two people take over in the same instant: one holds it and is told so, the other is told who does', async () => {
  const { maya, ines } = night;
  const answersTo = (person: Person, words: RegExp): SeenMessage[] =>
    person.sees().filter((m) => m.ephemeral && words.test(m.reads));
  const isTold = (words: RegExp): Person[] => [maya, ines].filter((person) => answersTo(person, words).length > 0);
  await untilReads(night, root, /held by Tom Okafor/);
  await Promise.all([maya, ines].map((person) => person.click('Take over', root)));
  const [holds, other] = await night.until('both are answered', () => {
    const both = [isTold(/Recorded: you hold this rollback now/), isTold(/was quicker and holds/)];
    return both.flat().length === 2 ? both : undefined;
  });
  expect([holds?.length, other?.length]).toEqual([1, 1]);
  const name = holds?.[0] === maya ? 'Maya Chen' : 'Inés Duarte';
  expect(other?.[0]?.message(/was quicker/)?.reads).toContain(`Nothing was recorded: ${name} was quicker and holds`);
  expect(inputs()).toHaveLength(2);
  const startedBy = name === 'Maya Chen' ? 'Maya Chen' : 'Maya Chen — held by Inés Duarte';
  await night.until('the message says so too', () =>
    maya
      .message(/ROLLBACK INITIATED/)
      ?.reads.split('\n')
      .includes(`Started by: ${startedBy}`),
  );
});

it('two people tick at once, and neither undoes the other', async () => {
  const { maya, tom } = night;
  const seen = await checklist();
  await Promise.all([maya.check(/auth\/login/, { on: seen }), tom.check(/v1\/products/, { on: seen })]);
  await night.until('both are recorded', () => inputs().filter(({ kind }) => kind === 'check').length === 2);
  const both = await night.post(/Verification: 3 of 9 answered/);
  expect(both.reads).toMatch(/auth\/login.*Maya Chen/);
  expect(both.reads).toMatch(/v1\/products.*Tom Okafor/);
});

it('a failed check is told with words, and one that is not needed can be needed again', async () => {
  const { maya } = night;
  await maya.click('A check failed…', await checklist());
  await formReads(/What did you see/);
  await maya.select('Check', /appointments/);
  await maya.fill('What did you see?', '500 on booking');
  await maya.submit();
  await told(maya, /Recorded: the check failed/);
  await night.post(/NEEDS A PERSON.*500 on booking/s);
  for (const words of [/is not needed/, /is needed again/]) {
    await maya.click('Not needed…', await checklist());
    await formReads(/Why not/);
    await maya.select('Check', /Sentry/);
    await maya.submit();
    await told(maya, words);
  }
  const answers = inputs().flatMap((input) => (input.kind === 'check' ? [`${input.item} ${input.answer}`] : []));
  expect(answers).toEqual(expect.arrayContaining(['appointments fail', 'sentry not-needed', 'sentry open']));
});

it('a message of the thread is added to the timeline once, with who wrote it', async () => {
  const { maya, tom } = night;
  await tom.type('#incidents', 'the queue is drained', root);
  const message = await night.post(/the queue is drained/);
  await maya.messageShortcut('Add to the timeline', message);
  await told(maya, /Recorded: in the timeline/);
  await maya.messageShortcut('Add to the timeline', message);
  await told(maya, /in the timeline already/);
  expect(inputs().filter(({ kind }) => kind === 'note')).toEqual([
    expect.objectContaining({ text: 'Tom Okafor: the queue is drained', by: { id: 'U0ONCALL', name: 'Maya Chen' } }),
  ]);
});

it('a message from elsewhere asks which rollback it belongs to', async () => {
  const { maya, tom } = night;
  await tom.type('#general', 'payments look fine');
  await maya.messageShortcut('Add to the timeline', await night.post(/payments look fine/, '#general'));
  await formReads(/Which rollback/);
  await maya.select('Which rollback?', /auth-service in production/);
  await maya.submit();
  const notes = () => inputs().filter(({ kind }) => kind === 'note');
  await night.until('two notes', () => notes().length === 2);
  expect(notes()).toContainEqual(expect.objectContaining({ text: 'Tom Okafor: payments look fine' }));
});

it('undo opens the form with what ran before, and further back with the version before that', async () => {
  const { maya } = night;
  await maya.click('Undo this rollback…', await night.post(/\*ROLLBACK COMPLETE\*/));
  const undo = await formReads(/v1\.4\.2\* → \*v1\.4\.3/);
  expect(undo.reads).toContain('Undoes auth-service-');
  await maya.close();
  await maya.click('Go further back…');
  await formReads(/v1\.4\.2\* → \*v1\.4\.1/);
  await maya.close();
});

it('commands are shown to whoever asks', async () => {
  await night.sam.click('Show commands', await night.until('a post', () => night.sam.message(/NEEDS A PERSON/)));
  // The undo has given v1.4.2 another number than it had in the plan: what is printed leads from here.
  const live =
    /now v1\.4\.2 \(revision 5\).*# to v1\.4\.3 \(revision 4\), what ran before.*--to-revision=4 -n lomash-wood/s;
  expect(await told(night.sam, live)).toBe(true);
});

it('a button that nobody knows is answered in words', async () => {
  const { maya, slack } = night;
  const { channel, ts } = root;
  const payload = { type: 'button', action_id: 'rollback.of_last_year', block_id: 'root', value: 'x' };
  const message = slack.workspace.messages.find(channel, ts)!;
  message.blocks = [
    ...(message.blocks ?? []),
    {
      type: 'actions',
      block_id: 'old',
      elements: [{ ...payload, type: 'button', text: { type: 'plain_text', text: 'Old button' } }],
    },
  ];
  await maya.click('Old button', await night.post(/Old button/));
  expect(await told(maya, /I do not know this button/)).toBe(true);
});
