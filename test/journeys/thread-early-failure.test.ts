import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expirePreviousImage } from '#playground/scenarios/special-cases.ts';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { again, deploy, rollBack, told, untilPhase, untilReads, soonPosted } from '#test/harness/story.ts';

let night: Journey;
let root: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

it('an image that is gone is told within a minute, to the holder, with what can be done', async () => {
  const { clock } = night;
  await deploy(night, 'deploy-bad', 'auth-service');
  expirePreviousImage(night.world, { service: 'auth-service' });
  root = await rollBack(night, 'auth-service production logins fail');
  const startedAt = clock.now();
  const failed = await night.post(/\*ROLLBACK FAILED\*/);
  expect(clock.now() - startedAt).toBeLessThan(60_000);
  expect(failed.threadTs).toBeUndefined();
  expect(failed.reads).toMatch(/NOT returned: auth-service, .*image v1\.4\.2 not found/);
  expect(failed.reads).toContain('@Maya Chen');
  expect(failed.reads).toContain('[Choose another version…]');
  expect(failed.reads).toContain('[Show commands]');
  expect(failed.reads).not.toMatch(/Monitoring for/);
  await untilReads(night, root, /Now: ended after \d+ s, see ROLLBACK FAILED/);
});

it('the old pods that still run are left alone', () => {
  const seen = night.world.view().find(({ name }) => name === 'auth-service');
  expect(seen?.pods.filter(({ ready, version }) => ready && version === 'v1.4.3').length).toBeGreaterThanOrEqual(2);
});

it('another version is chosen from there: a rollback of its own that names its parent', async () => {
  const { maya } = night;
  await maya.click('Choose another version…', await night.post(/\*ROLLBACK FAILED\*/));
  await night.until('the form shows a plan', () => /v1\.4\.2\* → \*v1\.4\.1/.test(maya.modal()?.reads ?? ''));
  await maya.select('Go back to', /v1\.4\.0/);
  await night.until('the chosen version', () => /→ \*v1\.4\.0/.test(maya.modal()?.reads ?? ''));
  await maya.submit();
  const second = await night.post(/to retry auth-service-/);
  expect(second.reads).toContain('ROLLBACK INITIATED');
  await night.post(/\*ROLLBACK COMPLETE\*/);
  const [first, child] = night.rollbacks();
  expect(child?.spec.parent).toEqual({ name: first?.metadata.name, uid: first?.metadata.uid, relation: 'retry' });
  expect(night.version('auth-service')).toBe('v1.4.0');
  await maya.close();
});

it('of two services the one that cannot come back is named, and the other is monitored', async () => {
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'content-service');
  await deploy(night, 'deploy-bad', 'customer-service');
  expirePreviousImage(night.world, { service: 'customer-service' });
  await rollBack(night, 'content-service customer-service production pages are broken');
  const partial = await night.post(/\*ROLLBACK PARTIAL\*/);
  expect(partial.reads).toContain('1 of 2 services returned to previous version. NOT returned: customer-service');
  expect(partial.reads).toMatch(/Monitoring the 1 for 15 minutes.*customer-service needs a person: @Maya Chen/);
  expect(partial.reads).toContain('[Choose another version…]');
  expect(night.version('content-service')).toBe('v1.9.2');

  await maya.click('Leave as it is…', partial);
  await told(night, maya, /Recorded: what did not come back stays as it is/);
  await untilReads(night, partial, /Left as it is by Maya Chen: customer-service/);
  expect(again(night, partial)).not.toContain('[Leave as it is…]');
});

it('a target that crashes again and again is told as such', async () => {
  const { world } = night;
  const image = world.images
    .tagsOf('123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/appointment-service')
    .at(-1);
  await deploy(night, 'deploy-bad', 'appointment-service');
  world.images.push(
    `123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/appointment-service:${image}`,
    'crash-loop',
  );
  root = await rollBack(night, 'appointment-service production bookings fail');
  await untilReads(night, root, /crashes \(\d+ restart/);
  const failed = await soonPosted(night, /\*ROLLBACK FAILED\*[^]*appointment-service/);
  expect(failed.reads).toMatch(/NOT returned: appointment-service.*crashes \(\d restarts?, exit code 1\)/);
  const failure = await untilPhase(night, 'appointment-service', 'Failed');
  expect(failure.status?.conditions.find(({ type }) => type === 'NeedsPerson')?.status).toBe('True');
});

it('all of it without a NEEDS A PERSON post beside the outcomes that call already', () => {
  expect(night.maya.sees('#incidents').filter(({ broadcast }) => broadcast)).toEqual([]);
  expect(night.troubles).toEqual([]);
});
