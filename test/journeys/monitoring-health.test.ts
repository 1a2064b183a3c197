import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollBack, rollbackOf, soonPosted, soonReads, thread } from '#test/harness/story.ts';

const image = (service: string, version: string) =>
  `123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/${service}:${version}`;

let night: Journey;
let outcome: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

it('pods back, health still bad: COMPLETE says FAIL, is not monitored and calls the holder', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  night.world.images.push(image('auth-service', 'v1.4.2'), 'bad');
  const root = await rollBack(night, 'auth-service production logins fail');
  outcome = await soonPosted(night, /\*ROLLBACK COMPLETE\*/);
  expect(outcome.reads).toMatch(/Verification: FAIL: auth-service: GET \/v1\/auth\/health answered 500, 3 of 3 tries/);
  expect(outcome.reads).toContain('Status: NOT monitoring, needs a person. @Maya Chen');
  expect(outcome.reads).toContain('[Go further back…]');
  expect(rollbackOf(night, 'auth-service')?.status?.monitoringUntil).toBeUndefined();
  expect(thread(night, root).filter(({ broadcast }) => broadcast)).toEqual([]);
});

it('monitoring begins when health is good again', async () => {
  night.world.images.push(image('auth-service', 'v1.4.2'), 'ok');
  const reads = await soonReads(night, outcome, /Monitoring for 15 minutes before marking resolved/);
  expect(reads).toMatch(/Verification: PASS: health 9\/9/);
  const until = Date.parse(rollbackOf(night, 'auth-service')?.status?.monitoringUntil ?? '');
  expect(until - night.clock.now()).toBeGreaterThan(14 * 60_000);
});

it('going further back from bad health is not in its own way', async () => {
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'content-service');
  night.world.images.push(image('content-service', 'v1.9.2'), 'bad');
  await rollBack(night, 'content-service production blank pages');
  const failing = await soonPosted(night, /\*ROLLBACK COMPLETE\*[^]*content-service, v1\.9\.2/);
  await maya.click('Go further back…', failing);
  await night.until('a plan', () => /v1\.9\.2\* → \*v1\.9\.1/.test(maya.modal()?.reads ?? ''));
  expect(maya.modal()?.reads).not.toContain('Blocked');
  await maya.submit();
  await maya.close();
  await night.post(/\*ROLLBACK COMPLETE\*[^]*content-service, v1\.9\.1/);
  await soonReads(night, failing, /superseded by rollback content-service-/);
  expect(night.version('content-service')).toBe('v1.9.1');
});

it('when the gateway does not answer, the services behind it are not known, rather than failed', async () => {
  const { world, cluster } = night;
  await deploy(night, 'deploy-bad', 'customer-service');
  const deployments = { group: 'apps', version: 'v1', plural: 'deployments' };
  cluster.storage.change(deployments, 'lomash-wood', 'api-gateway', (object) => ({
    ...object,
    spec: { ...(object as unknown as { spec: object }).spec, replicas: 0 },
  }));
  await night.until('no gateway', () => world.view().find(({ name }) => name === 'api-gateway')?.pods.length === 0);
  await rollBack(night, 'customer-service production no profiles');
  const told = await soonPosted(night, /\*ROLLBACK COMPLETE\*[^]*1 of 1: customer-service, v2\.1\.1/);
  expect(told.reads).toMatch(/unknown: .*customer-service.*: gateway/);
  expect(told.reads).not.toMatch(/FAIL: /);
  expect(told.reads).not.toMatch(/PASS/);
});
