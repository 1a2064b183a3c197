import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, reply, rollBack, rollbackOf, untilReads } from '#test/harness/story.ts';

const ROLLBACKS = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };
const image = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

/** `kubectl delete rollback`, without waiting. */
const remove = (service: string): void =>
  night.cluster.storage.remove(ROLLBACKS, 'rollback-bot', rollbackOf(night, service)!.metadata.name);

it('mid-run: what is patched stays and is named, Slack is told, and only then it is gone', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  night.world.images.push(image, 'never-ready');
  const root = await rollBack(night, 'auth-service production logins fail');
  await untilReads(night, root, /Now: 0 of 3 pods ready|Now: \d of 3 pods ready/);
  for (const method of ['chat.postMessage', 'chat.update']) night.slack.faults.rateLimit(method, 1);
  remove('auth-service');
  await night.until('it has ended', () => rollbackOf(night, 'auth-service')?.status?.phase === 'Cancelled');
  night.slack.faults.stopRateLimit();
  const said = /The Rollback was deleted by hand\. Patched, and not followed any more: auth-service/;
  await night.soon('Slack catches up', () => rollbackOf(night, 'auth-service') === undefined);
  await untilReads(night, root, said);
  await reply(night, root, said);
  expect(inChannel(night)).toHaveLength(1);
  expect(night.version('auth-service')).toBe('v1.4.2');
});

it('while it is monitored: the outcome says that nobody watches', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  await rollBack(night, 'content-service production blank pages');
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
  remove('content-service');
  await untilReads(night, outcome, /NOT monitored any more: the Rollback was deleted by hand/);
  await night.until('it is gone', () => rollbackOf(night, 'content-service') === undefined);
});

it('one that has settled is gone at once', async () => {
  await deploy(night, 'deploy-bad', 'customer-service');
  await rollBack(night, 'customer-service production no profiles');
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*[^]*customer-service, v/);
  night.skip(16);
  const ask = await night.post(/15 minutes (stable|are over)[^]*Mark resolved/);
  await night.maya.click('Mark resolved', ask);
  await untilReads(night, outcome, /Status: Resolved/);
  await night.until(
    'nothing holds it',
    () => (rollbackOf(night, 'customer-service')?.metadata.finalizers ?? []).length === 0,
  );
  remove('customer-service');
  expect(rollbackOf(night, 'customer-service')).toBeUndefined();
});
