import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formReads, opens, pressed } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, rollbackOf, again } from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  await deploy(night, 'deploy-bad', 'content-service');
});
afterAll(() => night.stop());

const partial = () => inChannel(night).find(({ reads }) => reads.includes('*ROLLBACK PARTIAL*'))!;

it('of two services one was deployed meanwhile: PARTIAL offers to retry that one', async () => {
  await opens(night, 'auth content production everything fails', /\*content-service\*: \*v1\.9\.3\* → \*v1\.9\.2\*/);
  expect(await deploy(night, 'deploy-bad', 'content-service')).toBe('v1.9.4');
  await pressed(night);
  await night.post(/\*ROLLBACK PARTIAL\*/);
  expect(partial().reads).toContain('[Retry content-service…]');
  expect(night.version('content-service')).toBe('v1.9.4');
});

it('retrying is the form for that service alone, planned anew, and a rollback that names its parent', async () => {
  await night.maya.click('Retry content-service…', partial());
  const form = await formReads(night, /\*content-service\*: \*v1\.9\.4\* → /);
  expect(form.reads).toMatch(/Next try after /);
  expect(form.reads).not.toContain('*auth-service*');
  expect(form.reads).toContain('everything fails');
  await night.maya.select('Go back to', /v1\.9\.2/);
  await formReads(night, /\*v1\.9\.4\* → \*v1\.9\.2\*/);
  await pressed(night);
  const complete = await night.post(/\*ROLLBACK COMPLETE\*/);
  expect(complete.reads).toContain('content-service, v1.9.2');
  const [first, second] = night.rollbacks();
  expect(second?.spec.parent).toMatchObject({ name: first?.metadata.name, relation: 'retry' });
  expect(night.version('content-service')).toBe('v1.9.2');
});

it('what was patched has nothing to retry: its pods go on trying, and come back when the image does', async () => {
  const { world, maya } = night;
  const image = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/customer-service:v2.1.1';
  await deploy(night, 'deploy-bad', 'customer-service');
  await deploy(night, 'deploy-bad', 'product-service');
  world.images.expire(image);
  await opens(night, 'customer product production nothing to see', /\*customer-service\*: \*v2\.1\.2\* → \*v2\.1\.1\*/);
  await pressed(night);
  const said = await night.post(/\*ROLLBACK PARTIAL\*[^]*NOT returned: customer-service/);
  expect(said.reads).not.toContain('Retry');
  expect(said.reads).toContain('[Choose another version…]');
  world.images.push(image, 'ok');
  const pods = { group: '', version: 'v1', plural: 'pods' };
  for (const { name, ready } of world.view().find((s) => s.name === 'customer-service')?.pods ?? [])
    if (!ready) night.cluster.storage.remove(pods, 'lomash-wood', name);
  await night.soon('it is complete', () => again(night, said).includes('*ROLLBACK COMPLETE*'));
  expect(rollbackOf(night, 'customer-service')?.status?.targets.map(({ state }) => state)).toEqual(['Back', 'Back']);
  expect(maya.message(/ROLLBACK FAILED/)).toBeUndefined();
  expect(night.troubles).toEqual([]);
});
