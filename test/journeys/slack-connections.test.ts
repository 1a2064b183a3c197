/** Connections come and go while a rollback runs: it goes on, and whoever presses next is heard. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { turn } from '#playground/slack/troubles.ts';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  deploy,
  openForm,
  reply,
  rollBack,
  rollbackOf,
  rollbacksOf,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';

let night: Journey;
let root: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  night.world.images.push(IMAGE, 'never-ready');
  root = await rollBack(night, 'auth-service production logins fail');
  await untilReads(night, root, /Now: \d of 3 pods ready/);
});
afterEach(() => night.slack.faults.clear());
afterAll(() => night.stop());

const listening = () => night.slack.core.sockets.size;
const connectedAgain = (before: number) =>
  night.until('two new connections', () => night.slack.core.sockets.connections >= before + 2 && listening() >= 2);

/** A click that Slack has a connection for is recorded. */
async function takesOver(person: Journey['maya'], name: string): Promise<void> {
  expect(await person.click('Take over', root)).toEqual({ ok: true });
  await untilReads(night, root, new RegExp(`held by ${name}`));
}

it.each([
  ['refresh', 'Tom Okafor'],
  ['too-many', 'Inés Duarte'],
  ['link-disabled', 'Tom Okafor'],
] as const)(
  '%s while pods are waited for: the connections are back, and the next click is heard',
  async (name, who) => {
    const { slack, tom, ines } = night;
    const before = slack.core.sockets.connections;
    turn(slack, name);
    await connectedAgain(before);
    await takesOver(who === 'Tom Okafor' ? tom : ines, who);
    expect(night.problems()).toEqual([]);
  },
);

it('no new connection for a minute: said where it is asked, tried again, and back by itself', async () => {
  const { slack, ines } = night;
  const before = slack.core.sockets.connections;
  turn(slack, 'no-new-connections');
  expect(await ines.type('#incidents', '/rollback status')).toEqual({ ok: false, error: 'dispatch_failed' });
  await night.until('it has tried', () => night.troubles.some((line) => line.includes('a socket could not be opened')));
  expect(night.problems()).toEqual(['No socket to Slack is open.']);
  night.skip(1);
  await connectedAgain(before);
  await takesOver(ines, 'Inés Duarte');
  expect(night.problems()).toEqual([]);
});

it('all the while the rollback went on, told once', async () => {
  const { world, cluster } = night;
  world.images.push(IMAGE, 'ok');
  const pods = { group: '', version: 'v1', plural: 'pods' };
  for (const { name, ready } of world.view().find((s) => s.name === 'auth-service')?.pods ?? [])
    if (!ready) cluster.storage.remove(pods, 'lomash-wood', name);
  await untilPhase(night, 'auth-service', 'Monitoring');
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(rollbackOf(night, 'auth-service')?.status?.targets[0]?.state).toBe('Back');
  expect(night.maya.sees('#incidents').filter((m) => /ROLLBACK (INITIATED|COMPLETE)/.test(m.reads))).toHaveLength(2);
});

it('the connections break before a press is acknowledged: it is done all the same, once', async () => {
  const { slack, cluster, maya } = night;
  await openForm(night, 'customer-service production slow');
  const [asked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  cluster.faults.between(async ({ method, path }, pass) => {
    if (method === 'POST' && path.endsWith('/rollbacks')) {
      asked.resolve();
      await goOn.promise;
    }
    return pass();
  });
  const pressing = maya.submit();
  await asked.promise;
  const before = slack.core.sockets.connections;
  slack.faults.dropSockets();
  await connectedAgain(before);
  goOn.resolve();
  cluster.faults.between(undefined);
  expect(await pressing).toMatchObject({ ok: false });
  await night.until('its acknowledgement went nowhere', () =>
    night.troubles.some((line) => line.includes('an acknowledgement was not delivered')),
  );
  await untilPhase(night, 'customer-service', 'Monitoring');
  expect(rollbacksOf(night, 'customer-service')).toHaveLength(1);
  expect(night.problems()).toEqual([]);
  await maya.close();
});

it('in all that time Slack was asked twice whose token this is: at the start, and when somebody first pressed', async () => {
  const { slack, tom, ines } = night;
  const asked = (): number => slack.calls.list('users.info').length;
  for (const [person, name] of [
    [tom, 'Tom Okafor'],
    [ines, 'Inés Duarte'],
  ] as const) {
    const before = asked();
    // Who somebody is, is known for a minute.
    night.skip(2);
    await takesOver(person, name);
    expect(asked()).toBeGreaterThan(before);
  }
  expect(slack.calls.list('auth.test')).toHaveLength(2);
});
