import { afterEach, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, openForm, reply, rollbackOf, thread } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

let night: Journey | undefined;
afterEach(() => night?.stop());

/** The bot ends, as if its power was cut, at the nth effect of this kind; another one is started. */
async function crashAt(point: 'before' | 'after', kind: string, nth: number): Promise<Journey> {
  let seen = 0;
  let hasCrashed = false;
  let isDead = false;
  const journey = await startJourney({
    crashPoint(at, effect) {
      if (!hasCrashed && at === point && effect.kind === kind && effect.rollback !== '' && ++seen === nth)
        hasCrashed = isDead = true;
      if (isDead) throw new Error('the power was cut');
    },
  });
  night = journey;
  const { maya } = journey;
  await deploy(journey, 'deploy-bad', 'auth-service');
  await openForm(journey, 'auth-service production logins fail');
  await maya.submit();
  await journey.until('the bot is dead', () => hasCrashed);
  await journey.stopBot();
  isDead = false;
  await journey.startBot();
  return journey;
}

it.each([
  ['before', 'workload.patch', 1],
  ['after', 'workload.patch', 1],
  ['after', 'evidence.store', 1],
  ['after', 'journal.write', 1],
  ['before', 'slack.post', 1],
  ['after', 'slack.post', 1],
  ['after', 'slack.post', 2],
  ['after', 'slack.post', 4],
  ['after', 'slack.edit', 1],
] as const)('power cut %s %s %i: patched once, told once', async (point, kind, nth) => {
  const journey = await crashAt(point, kind, nth);
  const root = await journey.post(/ROLLBACK INITIATED/);
  await journey.post(/\*ROLLBACK COMPLETE\*/);
  await reply(journey, root, /Verification: 1 of 9 answered/);
  await reply(journey, root, /Captured before the patch, kept in the cluster|Nothing was captured/);
  expect(journey.version('auth-service')).toBe('v1.4.2');
  const { uid, generation, annotations } =
    journey.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', 'auth-service')?.metadata ?? {};
  expect(annotations?.['ops.lomashwood.com/operation']).toBe(
    `${rollbackOf(journey, 'auth-service')?.metadata.uid}/auth-service/1`,
  );
  expect({ uid, generation }).toMatchObject({ uid: expect.any(String), generation: 3 });
  expect(inChannel(journey).map(({ reads }) => reads.split('\n')[0])).toEqual([
    '*ROLLBACK INITIATED* — production',
    '*ROLLBACK COMPLETE* — production',
  ]);
  const replies = thread(journey, root).map(({ reads }) => reads);
  expect(replies).toEqual([...new Set(replies)]);
});
