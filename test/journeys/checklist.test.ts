import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { again, deploy, reply, rollBack, told, untilPhase, untilReads } from '#test/harness/story.ts';

let night: Journey;
let root: SeenMessage;
let outcome: SeenMessage;
let checklist: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const answered = (count: number) => untilReads(night, checklist, new RegExp(`Verification: ${count} of 9 answered`));

it('the bot answers what it can, with what it saw', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  root = await rollBack(night, 'auth-service production logins fail');
  outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
  checklist = await reply(night, root, /Verification: 1 of 9 answered/);
  expect(checklist.reads).toMatch(/☑ `?GET \/health`? returns 200 for all services.*bot: 9\/9, \d\d:\d\d UTC/);
  expect(outcome.reads).toMatch(/PASS: health 9\/9.*Manual checks 0\/8 answered, 1 more by the bot/);
});

it('two people tick at once; both ticks stay, each with who and when', async () => {
  const { maya, tom } = night;
  await Promise.all([maya.check(/auth\/login/, { on: checklist }), tom.check(/v1\/products/, { on: checklist })]);
  const both = await answered(3);
  expect(both).toMatch(/☑ .*auth\/login.*Maya Chen, \d\d:\d\d UTC/);
  expect(both).toMatch(/☑ .*v1\/products.*Tom Okafor, \d\d:\d\d UTC/);
  await untilReads(night, outcome, /Manual checks 2\/8 answered/);
});

it('a tick is taken back, and both answers are kept', async () => {
  const { maya } = night;
  await maya.check(/v1\/products/, { ticked: false, on: await night.post(/Verification: 3 of 9 answered/) });
  expect(await answered(2)).toMatch(/☐ .*v1\/products/);
  const kept = Object.values(night.rollbacks()[0]?.spec.inputs ?? {})
    .filter((input) => input.kind === 'check' && input.item === 'products')
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  expect(kept.map((input) => [input.by.name, input.kind === 'check' && input.answer])).toEqual([
    ['Tom Okafor', 'pass'],
    ['Maya Chen', 'open'],
  ]);
});

it('a check that failed calls the holder, and the outcome says FAIL', async () => {
  const { tom } = night;
  await tom.click('A check failed…', checklist);
  await night.until('the form asks', () => tom.modal()?.reads.includes('What did you see?'));
  await tom.select('Check', /appointments/);
  await tom.fill('What did you see?', '500 on the test booking');
  await tom.submit();
  const called = await night.post(/NEEDS A PERSON/);
  expect(called.broadcast).toBe(true);
  expect(called.reads).toMatch(/appointments.*500 on the test booking/);
  expect(called.reads).toContain('@Maya Chen');
  await untilReads(night, outcome, /Verification: FAIL: .*500 on the test booking/);
});

it('with a failed check it does not resolve by itself, however long and however much else is ticked', async () => {
  const { maya } = night;
  for (const words of [/auth\/me/, /Stripe/, /error rate/, /latency/, /v1\/products/, /Sentry/])
    await maya.check(words, { on: await night.post(/Verification: \d of 9 answered/) });
  await answered(9);
  // Its answer may still be on the way to the bot when everybody sees the tick: no time may pass before.
  const inputs = Object.keys(night.rollbacks()[0]?.spec.inputs ?? {}).length;
  await night.until('the bot knows of each', () => night.news.filter((n) => n === 'input recorded').length >= inputs);
  night.skip(16);
  const asked = await reply(night, root, /15 minutes .*Failed: .*appointments/);
  expect(asked.reads).toContain('@Maya Chen');
  expect(night.rollbacks()[0]?.status?.phase).toBe('Monitoring');
});

it('once the failed check is answered anew, it resolves by itself and the answers are in the outcome', async () => {
  const { maya } = night;
  await maya.check(/appointments/, { on: await night.post(/Verification: 9 of 9 answered/) });
  await untilPhase(night, 'auth-service', 'Resolved');
  const last = await untilReads(
    night,
    outcome,
    /Resolved \d\d:\d\d UTC, (?:every check is answered|stable for \d+ minutes?)/,
  );
  expect(last).toMatch(/Verification: PASS: health 9\/9.*Manual checks 8\/8 answered/);
  expect(await untilReads(night, checklist, /This rollback is closed/)).toMatch(/Done:.*appointments.*Maya Chen/);
});

it('nobody ticks a closed one: not on the message, and not in a window that still shows the old one', async () => {
  const { maya } = night;
  expect(again(night, checklist)).not.toMatch(/☐|\[A check failed…\]/);
  const { messages } = night.slack.workspace;
  messages.find(checklist.channel, checklist.ts)!.blocks = checklist.blocks ?? [];
  const before = Object.keys(night.rollbacks()[0]?.spec.inputs ?? {}).length;
  await maya.check(/Stripe/, { on: checklist });
  await told(night, maya, /Nothing was recorded: this rollback has ended already/);
  expect(Object.keys(night.rollbacks()[0]?.spec.inputs ?? {})).toHaveLength(before);
  expect(again(night, outcome)).toContain('8/8 answered');
});

it('nothing went wrong behind the scenes', () => {
  expect(night.troubles).toEqual([]);
});
