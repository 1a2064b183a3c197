/** One night on which Slack tells things twice, late, or not at all. The switches are those of the playground's page. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Faults } from '#playground/slack/faults.ts';
import { turn } from '#playground/slack/troubles.ts';
import type { Person, SeenMessage } from '#playground/slack/people/person.ts';
import { formReads, opens, pressed } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  again,
  answered,
  deploy,
  rollBack,
  rollbackOf,
  rollbacksOf,
  told,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

const FORM = /Now v\d|→/;
const HELP = /Nothing happens before/;
const HOLDS = /you hold this rollback now/;
const IN_TIMELINE = /in the timeline\./;

let night: Journey;
let root: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  root = await rollBack(night, 'auth-service production logins fail');
  await untilPhase(night, 'auth-service', 'Monitoring');
  await night.post(/\*ROLLBACK COMPLETE\*/);
});
afterEach(async () => {
  night.slack.faults.clear();
  turn(night.slack, 'not-in-channel', false);
  while (night.maya.modal()) await night.maya.close();
});
afterAll(() => night.stop());

const inputs = () => Object.values(rollbackOf(night, 'auth-service')?.spec.inputs ?? {});
const answersTo = (words: RegExp) => night.maya.sees().filter((m) => m.ephemeral && words.test(m.reads));
const calls = (method: string): number => night.slack.calls.list(method).length;

it('an event whose acknowledgements are lost comes again, under the same id and under a new one: the Home stands', async () => {
  const { maya, slack } = night;
  const drawn = calls('views.publish');
  slack.faults.acksToLose = 2;
  const opening = maya.openHome();
  await night.until('it was told three times', () => {
    night.skip(0.05);
    return calls('views.publish') >= drawn + 3;
  });
  await opening;
  expect(maya.home()).toMatch(/Running[^]*auth-service.* in production: Monitoring/);
});

it('a click whose acknowledgement is lost is recorded once, also when it is pressed again', async () => {
  const { tom } = night;
  turn(night.slack, 'ack-lost');
  const pressing = tom.click('Take over', root);
  const noticed = tom.notices().length;
  await night.until('Slack stops waiting', () => {
    night.skip(0.05);
    return tom.notices().length > noticed;
  });
  expect(await pressing).toEqual({ ok: false, error: 'operation_timeout' });
  night.slack.faults.clear();
  await told(night, tom, /Recorded: you hold this rollback now/);
  await tom.click('Take over', root);
  await told(night, tom, /You hold this rollback already/);
  expect(inputs()).toHaveLength(1);
});

it.each(['copies', 'renamed-copies'] as const)('what comes twice at once is answered once: %s', async (name) => {
  const { maya, slack } = night;
  const before = {
    opened: calls('views.open'),
    answers: answersTo(/Recorded|already/).length,
    inputs: inputs().length,
  };
  turn(slack, name);
  await opens(night, 'auth-service production --dry-run', FORM);
  await maya.close();
  await maya.click('Take over', root);
  await night.until('an answer', () => answersTo(/Recorded|already/).length > before.answers);
  await maya.type('#incidents', '/rollback help');
  await told(night, maya, /Nothing happens before/);
  turn(slack, name, false);
  expect(calls('views.open')).toBe(before.opened + 1);
  expect(answersTo(/Recorded|already/)).toHaveLength(before.answers + 1);
  expect(inputs().length - before.inputs).toBeLessThanOrEqual(1);
  expect(answersTo(/Nothing was started\. (If|Please)/)).toEqual([]);
});

it('two people press the same button in the same instant: both are kept and answered, one holds', async () => {
  const { maya, tom, slack } = night;
  const before = inputs().length;
  const seen = await night.until('a checklist', () => maya.message(/Verification: \d of 9 answered/));
  turn(slack, 'pressed-by-two');
  await maya.check(/auth\/login/, { on: seen });
  await night.until('both are recorded', () => inputs().length === before + 2);
  const ticks = inputs().filter((input) => input.kind === 'check');
  expect(ticks.map(({ by, item }) => `${by.id} ${item}`).toSorted()).toEqual(
    [tom.id, maya.id].toSorted().map((id) => `${id} ${ticks[0]!.item}`),
  );
  await night.until('one answer stands', () => maya.message(/Verification: 2 of 9 answered/));
});

it.each([
  ['trigger-expired', /three seconds and they were over\. Nothing was started/],
  ['trigger-exchanged', /open already\. Nothing was started\. If you see no form/],
] as const)('%s: said in words, and the next one opens', async (name, words) => {
  const { maya, slack } = night;
  turn(slack, name);
  await maya.type('#incidents', '/rollback auth-service production');
  await told(night, maya, words);
  expect(maya.modal()).toBeUndefined();
  turn(slack, name);
  await maya.click('A check failed…', await night.until('a checklist', () => maya.message(/Verification: \d of 9/)));
  await night.until('told again', () => answersTo(words).length === 2);
  expect(maya.modal()).toBeUndefined();
  await opens(night, 'auth-service production', FORM);
});

/** What the bot said to this person alone, in the channel or in their direct messages. */
const saidTo = (person: Person, words: RegExp) =>
  person.sees().filter((m) => m.user === 'U0BOT' && (m.ephemeral || m.channel.startsWith('D')) && words.test(m.reads));
const directly = (person: Person, words: RegExp) =>
  night.until(`${person.id} reads ${String(words)} in the direct messages`, () =>
    saidTo(person, words).find(({ channel }) => channel.startsWith('D')),
  );

it('the answer to a command is refused: it stands in the channel, for that person alone, once', async () => {
  const { maya, tom, slack } = night;
  const before = saidTo(maya, HELP).length;
  turn(slack, 'responses-refused');
  const answer = await answered(night, 'help', HELP);
  expect(answer.channel).toBe('C0INCIDENT');
  expect(saidTo(maya, HELP)).toHaveLength(before + 1);
  expect(saidTo(tom, HELP)).toEqual([]);
});

it('nor may the bot speak there: all are answered directly, once, and what was pressed is recorded once', async () => {
  const { maya, ines, slack } = night;
  const note = slack.post({ user: ines.id, channel: 'C0INCIDENT', text: 'the queue is drained', threadTs: root.ts });
  const seen = await night.until('the note is read', () => maya.sees().find(({ ts }) => ts === note.ts));
  const kinds = () => inputs().map(({ kind, by }) => `${kind} ${by.id}`);
  const before = { kinds: kinds(), said: saidTo(maya, HELP).length };
  turn(slack, 'responses-refused');
  turn(slack, 'not-in-channel');
  await maya.type('#incidents', '/rollback help');
  await directly(maya, HELP);
  expect(await ines.click('Take over', root)).toEqual({ ok: true });
  await directly(ines, HOLDS);
  await maya.messageShortcut('Add to the timeline', seen);
  await directly(maya, IN_TIMELINE);
  await untilReads(night, root, /held by Inés Duarte/);
  expect(kinds().toSorted()).toEqual([...before.kinds, 'note U0ONCALL', 'request U0LEAD'].toSorted());
  expect(saidTo(maya, HELP)).toHaveLength(before.said + 1);
  expect([saidTo(maya, IN_TIMELINE).length, saidTo(ines, HOLDS).length]).toEqual([1, 1]);
});

it('the answer to a command arrives after the bot has stopped waiting: it is not said again', async () => {
  const before = saidTo(night.maya, HELP).length;
  night.slack.faults.slowDown('response_url', 60_000);
  await night.maya.type('#incidents', '/rollback help');
  await night.until('it is given up', () => night.troubles.some((line) => line.includes('respond: no answer within')));
  night.skip(1);
  await night.until('it arrives', () => saidTo(night.maya, HELP).length > before);
  expect(saidTo(night.maya, HELP)).toHaveLength(before + 1);
});

it.each([
  ['is silent', (faults: Faults) => faults.slowDown('views.open', 60_000)],
  ['answers 503', (faults: Faults) => faults.failHttp('views.open', 503)],
])('Slack %s as a form is opened: asked once, said in words, and the next one opens', async (_how, fail) => {
  const { maya, slack } = night;
  const words = /Slack did not answer me in time, so this went no further/;
  const before = { opened: calls('views.open'), said: answersTo(words).length };
  fail(slack.faults);
  await maya.type('#incidents', '/rollback customer-service production');
  await night.until('it is said', () => answersTo(words).length > before.said);
  night.skip(1);
  await night.until('Slack has done with it', () => calls('views.open') > before.opened);
  expect(maya.modal()).toBeUndefined();
  await opens(night, 'customer-service production', FORM);
  expect([calls('views.open'), answersTo(words).length]).toEqual([before.opened + 2, before.said + 1]);
});

it('posts and edits are limited: forms open, change and lead on all the same', async () => {
  const { maya, tom, slack } = night;
  slack.faults.rateLimit('chat.*', 5);
  await tom.click('Take over', root);
  await night.until('an edit was limited', () =>
    slack.calls.list('chat.update').some(({ result }) => result['error'] === 'ratelimited'),
  );
  await opens(night, 'customer-service production', FORM);
  await maya.select('Go back to', /v2\.0/);
  await formReads(night, /→ \*v2\.0/);
  await maya.close();
  await maya.click('A check failed…', await night.until('a checklist', () => maya.message(/Verification: \d of 9/)));
  await formReads(night, /What did you see/);
  slack.faults.stopRateLimit();
  await night.soon('the edit', () => /held by Tom Okafor/.test(again(night, root)));
});

it('a form that changed meanwhile is drawn all the same', async () => {
  const { maya, slack } = night;
  await opens(night, 'customer-service production', FORM);
  turn(slack, 'hash-conflict');
  await maya.select('Environment', 'staging');
  await night.until('it is of staging', () => maya.modal()?.title === 'Roll back in staging');
  expect(slack.faults.isRefusing('hash_conflict')).toBe(false);
});

it('a form that Slack finds too large says so, with the line to type instead', async () => {
  turn(night.slack, 'view-too-large');
  const form = await opens(night, 'customer-service production', /could not be drawn/);
  expect(form.reads).toContain('Nothing was started');
  expect(form.reads).toContain('kubectl rollout undo deployment/customer-service -n lomash-wood');
  turn(night.slack, 'view-too-large', false);
  await night.maya.close();
  await opens(night, 'customer-service production', FORM);
});

it('a button and a form of last year’s bot are answered in words', async () => {
  const { maya, slack } = night;
  turn(slack, 'old-button');
  await maya.click('Old button');
  await told(night, maya, /I do not know this button: it is of another version of the bot\. Nothing was done/);
  await opens(night, 'customer-service production slow', FORM);
  const { id } = maya.modal()!;
  slack.workspace.views.stack(maya.id).find((view) => view.id === id)!.view.private_metadata = '{"v":0}';
  await maya.submit();
  await night.until('told', () =>
    /another version of the bot/.test(Object.values(maya.modal()?.errors ?? {}).join(' ')),
  );
  expect(rollbacksOf(night, 'customer-service')).toEqual([]);
});

it('a reason of 3,000 characters that calls everybody: kept whole, and calls nobody', async () => {
  const { maya, slack } = night;
  const reason = `<!channel> <@U0LEAD> @here *pay* \`now\` ${'ä&<'.repeat(1000)}`.slice(0, 3000);
  await opens(night, 'customer-service production', FORM);
  await maya.check('Other');
  await maya.fill('In a few words', reason);
  expect(await pressed(night)).toContain('Started: customer-service');
  await untilPhase(night, 'customer-service', 'Monitoring');
  await night.post(/\*ROLLBACK COMPLETE\*[^]*customer-service, v/);
  expect(rollbackOf(night, 'customer-service')?.spec.reason.text).toBe(reason);
  const said = slack.workspace.messages.of('C0INCIDENT').filter(({ user }) => user === 'U0BOT');
  const words = said.map(({ text, blocks }) => JSON.stringify([text, blocks])).join('\n');
  expect(words).toContain('&lt;!channel&gt;');
  expect(words).not.toMatch(/<!channel|<!here|<@U0LEAD>/);
  const whole = await night.until('the whole reason', () => maya.message(/ä&<ä&<[^]*…?/));
  expect(whole.reads.length).toBeGreaterThan(200);
});
