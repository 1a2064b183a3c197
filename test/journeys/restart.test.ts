import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  deploy,
  inChannel,
  openForm,
  reply,
  rollBack,
  rollbackOf,
  thread,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

const image = (service: string, version: string) =>
  `123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/${service}:${version}`;
const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const REPLICA_SETS = { group: 'apps', version: 'v1', plural: 'replicasets' };

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const setsOf = (service: string) =>
  night.cluster.storage
    .list(REPLICA_SETS)
    .filter(({ metadata }) => metadata.namespace === 'lomash-wood')
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ name }) => name === service));
const generationOf = (service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.generation ?? 0;
const operationOf = (service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.annotations?.[
    'ops.lomashwood.com/operation'
  ];

/** No message of the bot says the same twice in the same place. */
function expectNothingDoubled(root: Parameters<typeof thread>[1]): void {
  const replies = thread(night, root)
    .filter(({ user }) => user === 'U0BOT')
    .map(({ reads }) => reads);
  expect(replies).toEqual([...new Set(replies)]);
}

it('killed right after the button was pressed: the next bot does it, once', async () => {
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'auth-service');
  const before = { generation: generationOf('auth-service'), sets: setsOf('auth-service').length };
  await openForm(night, 'auth-service production logins fail');
  await maya.submit();
  await night.stopBot();
  expect(rollbackOf(night, 'auth-service')).toBeDefined();
  await night.startBot();
  const root = await night.post(/ROLLBACK INITIATED/);
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(generationOf('auth-service')).toBe(before.generation + 1);
  expect(setsOf('auth-service')).toHaveLength(before.sets);
  expect(operationOf('auth-service')).toBe(`${rollbackOf(night, 'auth-service')?.metadata.uid}/auth-service/1`);
  expect(inChannel(night).map(({ ts }) => ts)).toEqual([root.ts, outcome.ts]);
  expectNothingDoubled(root);
  while (maya.modal()) await maya.close();
});

it('killed while pods are waited for: goes on, and says so', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  const generation = generationOf('content-service');
  night.world.images.push(image('content-service', 'v1.9.2'), 'never-ready');
  const root = await rollBack(night, 'content-service production blank pages');
  await untilReads(night, root, /Now: 0 of 2 pods ready/);
  await night.stopBot();
  night.skip(1);
  await night.startBot();
  await untilReads(night, root, /Now: bot restarted, work resumed\. \d of 2 pods ready/);
  await reply(night, root, /The bot was restarted; work is resumed/);
  night.world.images.push(image('content-service', 'v1.9.2'), 'ok');
  const pods = { group: '', version: 'v1', plural: 'pods' };
  for (const { name, ready } of night.world.view().find((s) => s.name === 'content-service')?.pods ?? [])
    if (!ready) night.cluster.storage.remove(pods, 'lomash-wood', name);
  await night.post(/\*ROLLBACK COMPLETE\*[^]*content-service, v1\.9\.2/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(generationOf('content-service')).toBe(generation + 1);
  expect(inChannel(night).filter(({ reads }) => reads.includes('content-service'))).toHaveLength(2);
  expectNothingDoubled(root);
});

it('many restarts in a row leave nothing twice', async () => {
  const { maya } = night;
  await deploy(night, 'deploy-bad', 'customer-service');
  const generation = generationOf('customer-service');
  await openForm(night, 'customer-service production no profiles');
  await maya.submit();
  for (const pauseMs of [0, 40, 80, 160]) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await night.stopBot();
    await night.startBot();
  }
  await untilPhase(night, 'customer-service', 'Monitoring');
  const root = await night.post(/ROLLBACK INITIATED[^]*customer-service/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(generationOf('customer-service')).toBe(generation + 1);
  expect(inChannel(night).filter(({ reads }) => reads.includes('customer-service'))).toHaveLength(2);
  const restarts = /work is resumed/;
  const replies = thread(night, root).filter(({ reads }) => !restarts.test(reads));
  expect(replies.map(({ reads }) => reads)).toEqual([...new Set(replies.map(({ reads }) => reads))]);
});

it('killed while it is monitored: the time that nobody watched does not count as stable', async () => {
  const until = () => Date.parse(rollbackOf(night, 'content-service')?.status?.monitoringUntil ?? '');
  const before = until();
  await night.stopBot();
  night.skip(16);
  await night.startBot();
  const root = await night.post(/ROLLBACK INITIATED[^]*content-service/);
  await reply(night, root, /The bot was away for 1[67] minutes and watched nothing/);
  expect(until() - before).toBeGreaterThanOrEqual(16 * 60_000);
  expect(night.maya.message(/15 minutes stable/, '#incidents')).toBeUndefined();
  night.skip(16);
  await night.post(/15 minutes stable\. Not answered/);
  expect(rollbackOf(night, 'content-service')?.status?.resumedAt).toBeDefined();
});
