import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { etcdTroubleAt } from '#test/harness/etcd.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, openForm, reply, rollbackOf, soonPosted } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const generationOf = (service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.generation ?? 0;

it.each([
  ['killed', 'auth-service'],
  ['frozen', 'content-service'],
  ['slow', 'customer-service'],
] as const)('etcd is %s just as %s is patched: patched once when it is back, and told', async (trouble, service) => {
  await deploy(night, 'deploy-bad', service);
  const generation = generationOf(service);
  const over = etcdTroubleAt(
    night,
    trouble,
    (method, path) => method === 'PATCH' && path.endsWith(`/deployments/${service}`),
  );
  await openForm(night, `${service} production it is slow`);
  await night.maya.submit();
  await over;
  const healedAt = performance.now();
  await soonPosted(night, new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}`));
  expect(performance.now() - healedAt).toBeLessThan(60_000);
  const [root] = inChannel(night).filter(({ reads }) => reads.includes(service));
  await reply(night, root!, new RegExp(`Back: ${service}`));
  expect(generationOf(service)).toBe(generation + 1);
  expect(inChannel(night).filter(({ reads }) => reads.includes(service))).toHaveLength(2);
  while (night.maya.modal()) await night.maya.close();
});

it('etcd is out of space as the button is pressed: not confirmed, then started, once', async () => {
  const service = 'notification-service';
  await deploy(night, 'deploy-bad', service);
  const over = etcdTroubleAt(night, 'out of space', (method, path) => method === 'POST' && path.endsWith('/rollbacks'));
  await openForm(night, `${service} production it is slow`);
  await night.maya.submit();
  await night.until('it is not confirmed', () => night.maya.modal()?.reads.includes('Not confirmed yet'));
  await over;
  await night.soon('it has started', () => night.maya.modal()?.reads.includes('Started: notification-service'));
  await soonPosted(night, /\*ROLLBACK COMPLETE\*[^]*notification-service, v/);
  expect(night.rollbacks().filter(({ spec }) => spec.targets[0]?.service === service)).toHaveLength(1);
  expect(rollbackOf(night, service)?.status?.phase).toBe('Monitoring');
});
