import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  again,
  deploy,
  inChannel,
  rollBack,
  rollbackOf,
  thread,
  told,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';

let night: Journey;
let root: SeenMessage;
let asked: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const calls = () => thread(night, root).filter(({ broadcast }) => broadcast);

it('pods that never become ready: past the ETA a person is called, in the channel too', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  night.world.images.push(IMAGE, 'never-ready');
  root = await rollBack(night, 'auth-service production logins fail');
  await untilReads(night, root, /Now: \d of 3 pods ready/);
  night.skip(9);
  expect(calls()).toEqual([]);
  night.skip(1.5);
  asked = await night.post(/NEEDS A PERSON/);
  expect(asked.broadcast).toBe(true);
  expect(asked.reads).toMatch(/auth-service is past its ETA\. \d of 3 pods ready/);
  expect(asked.reads).toContain('@Maya Chen');
  for (const button of ['[Wait 10 more minutes]', '[Choose another version…]', '[Show commands]'])
    expect(asked.reads).toContain(button);
  expect(inChannel(night)).toHaveLength(1);
});

it('ten more minutes are ten more minutes', async () => {
  const { maya, clock } = night;
  await maya.click('Wait 10 more minutes', asked);
  await told(night, maya, /Recorded: 10 more minutes/);
  const pressedAt = clock.now();
  await untilReads(night, asked, /No longer needs a person/);
  night.skip(9);
  await night.until('a look after nine minutes', () => {
    const seenAt = Date.parse(rollbackOf(night, 'auth-service')?.status?.observedAt ?? '');
    return seenAt > pressedAt + 8.5 * 60_000;
  });
  expect(calls().filter(({ reads }) => reads.includes('*NEEDS A PERSON*'))).toEqual([]);
  night.skip(1.5);
  const second = await night.post(/NEEDS A PERSON/);
  expect(second.ts).not.toBe(asked.ts);
  asked = second;
});

it('when the pods come, nobody is asked any more and the outcome is told', async () => {
  night.world.images.push(IMAGE, 'ok');
  const pods = { group: '', version: 'v1', plural: 'pods' };
  for (const { name } of night.world
    .view()
    .find((s) => s.name === 'auth-service')
    ?.pods.filter((p) => !p.ready) ?? [])
    night.cluster.storage.remove(pods, 'lomash-wood', name);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await untilReads(night, asked, /No longer needs a person.*no longer past its ETA/);
  expect(again(night, asked)).not.toContain('[Wait 10 more minutes]');
  expect(calls()).toHaveLength(2);
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(night.troubles).toEqual([]);
});

it('another version can be chosen while the first one is still waited for, and takes its place', async () => {
  await night.stop();
  night = await startJourney();
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'content-service');
  night.world.images.push(IMAGE.replace('auth-service:v1.4.2', 'content-service:v1.9.2'), 'never-ready');
  await rollBack(night, 'content-service production blank pages');
  night.skip(10.5);
  const second = await night.post(/NEEDS A PERSON[^]*content-service/);
  await maya.click('Choose another version…', second);
  await night.until('a plan', () => /v1\.9\.2\* → \*v1\.9\.1/.test(maya.modal()?.reads ?? ''));
  expect(maya.modal()?.reads).not.toContain('Blocked');
  await maya.submit();
  await maya.close();
  const first = await untilPhase(night, 'content-service', 'Superseded', 0);
  await night.post(/\*ROLLBACK COMPLETE\*[^]*content-service, v1\.9\.1/);
  const child = rollbackOf(night, 'content-service');
  expect(child?.spec.parent).toMatchObject({ name: first.metadata.name, relation: 'retry' });
  expect(first.status?.supersededBy).toBe(child?.metadata.name);
  expect(night.version('content-service')).toBe('v1.9.1');
});
