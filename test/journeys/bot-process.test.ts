import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ApiResponse } from '#playground/cluster/api/message.ts';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type BotProcess, startBotProcess } from '#test/harness/bot-process.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, openForm, reply, rollBack, rollbackOf, untilReads } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const PODS = { group: '', version: 'v1', plural: 'pods' };
const imageOf = (service: string, version: string) =>
  `123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/${service}:${version}`;

let night: Journey;
let bot: BotProcess;
beforeAll(async () => {
  night = await startJourney({ startsBot: false, sharesClock: true });
  bot = await startBotProcess(night, '/dev/full');
});
afterAll(async () => {
  bot.signal('SIGKILL');
  await bot.ended;
  await night.stop();
});

const generationOf = (service: string) =>
  night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service)?.metadata.generation ?? 0;

interface Waiting {
  service: string;
  target: string;
  root: SeenMessage;
  generation: number;
}

/** Rolled back, and its pods do not come yet. */
async function waiting(service: string): Promise<Waiting> {
  const target = night.version(service);
  await deploy(night, 'deploy-bad', service);
  const generation = generationOf(service);
  night.world.images.push(imageOf(service, target), 'never-ready');
  const root = await rollBack(night, `${service} production it is slow`);
  await untilReads(night, root, /Now: \d of \d pods ready/);
  return { service, target, root, generation };
}

/** They come, and it is told, once. */
async function expectComeBack({ service, target, root, generation }: Waiting): Promise<void> {
  night.world.images.push(imageOf(service, target), 'ok');
  for (const { name, ready } of night.world.view().find((seen) => seen.name === service)?.pods ?? [])
    if (!ready) night.cluster.storage.remove(PODS, 'lomash-wood', name);
  await night.post(new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}, ${target}`));
  await reply(night, root, new RegExp(`Back: ${service}`));
  expect(generationOf(service)).toBe(generation + 1);
  expect(inChannel(night).filter(({ reads }) => reads.includes(service))).toHaveLength(2);
}

it('the disk under its log is full: it rolls back all the same', async () => {
  await expectComeBack(await waiting('auth-service'));
});

it('a promise is rejected that nobody waits for: it goes on', async () => {
  const rollback = await waiting('content-service');
  bot.reject();
  await expectComeBack(rollback);
});

it('no file descriptor is left: it goes on when there are some again', async () => {
  const rollback = await waiting('customer-service');
  bot.exhaustDescriptors();
  night.cluster.faults.dropConnections();
  night.slack.faults.dropSockets();
  await night.until('the sockets are gone', () => night.slack.core.sockets.size === 0);
  bot.releaseDescriptors();
  await expectComeBack(rollback);
});

it('its event loop is blocked for 12 s, longer than its lease is believed: done once', async () => {
  const rollback = await waiting('notification-service');
  bot.block();
  await expectComeBack(rollback);
});

it('many signals to end: it ends in order, and the next bot goes on at once', async () => {
  const rollback = await waiting('product-service');
  for (let n = 0; n < 5; n++) bot.signal('SIGTERM');
  expect(await bot.ended).toBe(0);
  bot = await startBotProcess(night);
  await expectComeBack(rollback);
});

it('killed before the object is created: Slack says so, nothing is left, and a new press works', async () => {
  const service = 'appointment-service';
  await deploy(night, 'deploy-bad', service);
  await openForm(night, `${service} production it is slow`);
  const reached = Promise.withResolvers<void>();
  night.cluster.faults.between(({ method, path }, pass) => {
    if (method !== 'POST' || !path.endsWith('/rollbacks')) return pass();
    reached.resolve();
    return new Promise<ApiResponse>(() => undefined);
  });
  const pressed = night.maya.submit();
  await reached.promise;
  bot.signal('SIGKILL');
  expect(await pressed).toMatchObject({ ok: false });
  expect(rollbackOf(night, service)).toBeUndefined();
  night.cluster.faults.between(undefined);
  bot = await startBotProcess(night);
  await night.maya.submit();
  await night.post(new RegExp(`\\*ROLLBACK COMPLETE\\*[^]*${service}`));
  expect(night.rollbacks().filter(({ spec }) => spec.targets[0]?.service === service)).toHaveLength(1);
});
