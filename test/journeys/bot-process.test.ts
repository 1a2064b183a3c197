import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ApiResponse } from '#playground/cluster/api/message.ts';
import { type BotProcess, spawnBotProcess, startBotProcess } from '#test/harness/bot-process.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, openForm, rollbackOf } from '#test/harness/story.ts';
import { expectComeBack, waiting } from '#test/harness/waiting-pods.ts';

interface Lease {
  spec: { holderIdentity?: string };
}

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

it('the disk under its log is full: it rolls back all the same', async () => {
  await expectComeBack(night, await waiting(night, 'auth-service'));
});

it('a promise is rejected that nobody waits for: it goes on', async () => {
  const rollback = await waiting(night, 'content-service');
  bot.reject();
  await expectComeBack(night, rollback);
});

it('no file descriptor is left: it goes on when there are some again', async () => {
  const rollback = await waiting(night, 'customer-service');
  bot.exhaustDescriptors();
  night.cluster.faults.dropConnections();
  night.slack.faults.dropSockets();
  await night.until('the sockets are gone', () => night.slack.core.sockets.size === 0);
  bot.releaseDescriptors();
  await expectComeBack(night, rollback);
});

it('its event loop is blocked for 12 s, longer than its lease is believed: done once', async () => {
  const rollback = await waiting(night, 'notification-service');
  bot.block();
  await expectComeBack(night, rollback);
});

it('many signals to end: it ends in order, and the next bot goes on at once', async () => {
  const rollback = await waiting(night, 'product-service');
  for (let n = 0; n < 5; n++) bot.signal('SIGTERM');
  expect(await bot.ended).toBe(0);
  bot = await startBotProcess(night);
  await expectComeBack(night, rollback);
});

it('a signal to end while it waits for Slack to start: it gives back what it leads', async () => {
  bot.signal('SIGTERM');
  await bot.ended;
  night.slack.faults.setDown(true);
  const starting = await spawnBotProcess(night);
  const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
  const holder = (): string => {
    const lease = night.cluster.storage.get(leases, 'rollback-bot', 'rollback-bot') as unknown as Lease | undefined;
    return lease?.spec.holderIdentity ?? '';
  };
  await night.until('it leads', () => holder() !== '');
  starting.signal('SIGTERM');
  expect(await starting.ended).toBe(0);
  expect(holder()).toBe('');
  night.slack.faults.setDown(false);
  bot = await startBotProcess(night);
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
