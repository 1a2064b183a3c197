import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  again,
  deploy,
  inChannel,
  reply,
  rollBack,
  rollbackOf,
  told,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

let night: Journey;
let root: SeenMessage;
let asked: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  root = await rollBack(night, 'auth-service production logins fail');
  await reply(night, root, /Verification: 1 of 9 answered/);
});
afterAll(() => night.stop());

it('what is not needed is said with why, and counts as answered', async () => {
  const { maya } = night;
  await maya.click('Not needed…', await reply(night, root, /Verification: 1 of 9 answered/));
  await night.until('the form asks', () => maya.modal()?.reads.includes('Why not?'));
  await maya.select('Check', /Stripe/);
  await maya.fill('Why not?', 'payments were not part of it');
  await maya.submit();
  const checklist = await reply(night, root, /Verification: 2 of 9 answered/);
  expect(checklist.reads).toMatch(/Not needed: Stripe.*Maya Chen.*payments were not part of it/);
  const done = [/auth\/login/, /v1\/products/, /appointments/, /auth\/me/, /error rate/];
  for (const [i, words] of done.entries())
    await maya.check(words, { on: await reply(night, root, new RegExp(`Verification: ${i + 2} of 9 answered`)) });
  await reply(night, root, /Verification: 7 of 9 answered/);
});

it('after 15 quiet minutes it asks once, names what is open, and does not resolve', async () => {
  night.skip(15.1);
  asked = await reply(night, root, /15 minutes stable\. Not answered: /);
  expect(asked.broadcast).toBe(true);
  expect(asked.reads).toMatch(/Grafana latency.*Sentry/);
  expect(asked.reads).not.toMatch(/Stripe|GET \/health/);
  expect(asked.reads).toContain('@Maya Chen');
  expect(asked.reads).toMatch(/\[Mark resolved\] \[Watch 15 more minutes\]/);
  night.skip(6);
  await night.until('health was read again', () => {
    const at = Date.parse(rollbackOf(night, 'auth-service')?.status?.verification?.at ?? '');
    return night.clock.now() - at < 60_000;
  });
  expect(night.maya.sees(root).filter(({ broadcast }) => broadcast)).toHaveLength(1);
  expect(rollbackOf(night, 'auth-service')?.status?.phase).toBe('Monitoring');
  expect(inChannel(night)).toHaveLength(2);
});

it('15 more minutes, then it asks again', async () => {
  const { maya } = night;
  await maya.click('Watch 15 more minutes', asked);
  await told(night, maya, /Recorded: watching on/);
  await untilReads(night, asked, /Watched for 15 minutes more \(Maya Chen\)/);
  expect(again(night, asked)).not.toContain('[Mark resolved]');
  await untilReads(night, await night.post(/\*ROLLBACK COMPLETE\*/), /Monitoring for 15 minutes.*Until/);
  night.skip(14);
  await night.until('health was read', () => {
    const at = Date.parse(rollbackOf(night, 'auth-service')?.status?.verification?.at ?? '');
    return night.clock.now() - at < 60_000;
  });
  expect(night.maya.sees(root).filter(({ broadcast }) => broadcast)).toHaveLength(1);
  night.skip(1.2);
  asked = await night.until('the second question', () =>
    night.maya.sees(root).find(({ broadcast, ts }) => broadcast && ts !== asked.ts),
  );
  expect(asked.reads).toContain('[Mark resolved]');
});

it('somebody who may not cannot resolve it; a person who may can', async () => {
  const { sam, tom } = night;
  await sam.click(
    'Mark resolved',
    await night.until('Sam sees it', () => sam.sees(root).find((m) => m.ts === asked.ts)),
  );
  await told(night, sam, /Not recorded, nothing was changed/);
  await tom.click('Mark resolved', asked);
  await untilPhase(night, 'auth-service', 'Resolved');
  await untilReads(night, await night.post(/\*ROLLBACK COMPLETE\*/), /Resolved \d\d:\d\d UTC by Tom Okafor/);
  await untilReads(night, asked, /marked resolved by Tom Okafor/);
  const closed = await reply(night, root, /This rollback is closed/);
  expect(closed.reads).toMatch(/Verification: 7 of 9 answered/);
  expect(closed.reads).toMatch(/Not answered: Sentry/);
});

it('a button of the resolved one is answered in words', async () => {
  const { maya } = night;
  night.slack.workspace.messages.find(asked.channel, asked.ts)!.blocks = asked.blocks ?? [];
  await maya.click('Watch 15 more minutes', asked);
  await told(night, maya, /this rollback has ended already \(Resolved at \d\d:\d\d UTC\)/);
  expect(night.troubles).toEqual([]);
});
