import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  deploy,
  inChannel,
  reply,
  rollBack,
  rollbackOf,
  soonPosted,
  soonReads,
  untilReads,
} from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

it('a good version deployed while it is monitored: said so, and left alone', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  const root = await rollBack(night, 'auth-service production logins fail');
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
  night.skip(4);
  const fixed = await deploy(night, 'deploy-good', 'auth-service');
  const ended = await night.soon('it is superseded', () => {
    const rollback = rollbackOf(night, 'auth-service');
    return rollback?.status?.phase === 'Superseded' ? rollback : undefined;
  });
  const last = await untilReads(night, outcome, /No longer monitored: another version was deployed since/);
  expect(last).toContain('(1 of 1: auth-service, v1.4.2)');
  await reply(night, root, new RegExp(`Left alone, somebody else changed it: auth-service \\(${fixed} was deployed`));
  night.skip(20);
  await night.until('it is settled', () =>
    night.rollbacks()[0]?.status?.conditions.some(({ type, status }) => type === 'Settled' && status === 'True'),
  );
  expect(night.version('auth-service')).toBe(fixed);
  expect(ended.status?.outcomeAt).toBeDefined();
  expect(inChannel(night)).toHaveLength(2);
  expect(night.troubles).toEqual([]);
});

it('of two services one is fixed forward: the other is monitored on', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  await deploy(night, 'deploy-bad', 'customer-service');
  await rollBack(night, 'content-service customer-service production pages are broken');
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*[^]*2 of 2/);
  const fixed = await deploy(night, 'deploy-good', 'content-service');
  await night.soon('content-service is let go', () =>
    night
      .rollbacks()
      .at(-1)
      ?.status?.targets.some(({ state }) => state === 'Superseded'),
  );
  expect(night.rollbacks().at(-1)?.status?.phase).toBe('Monitoring');
  await untilReads(night, outcome, /\*ROLLBACK COMPLETE\*[^]*Monitoring/);
  expect(night.version('content-service')).toBe(fixed);
});

it('a pod that fails again while it is monitored calls the holder, until it is ready again', async () => {
  const { world, cluster } = night;
  const pods = { group: '', version: 'v1', plural: 'pods' };
  const image = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/customer-service:v2.1.1';
  const podsOf = () => world.view().find(({ name }) => name === 'customer-service')?.pods ?? [];
  world.images.push(image, 'never-ready');
  cluster.storage.remove(pods, 'lomash-wood', podsOf()[0]!.name);
  await night.until('a pod is not ready', () => podsOf().some(({ ready }) => !ready));
  const called = await soonPosted(night, /NEEDS A PERSON.*customer-service: 1 of 2 pods ready/);
  expect(called.reads).toContain('@Maya Chen');
  world.images.push(image, 'ok');
  for (const { name, ready } of podsOf()) if (!ready) cluster.storage.remove(pods, 'lomash-wood', name);
  await night.until('both are ready', () => podsOf().length === 2 && podsOf().every(({ ready }) => ready));
  await soonReads(night, called, /No longer needs a person.*all pods are ready again/);
});
