import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type OwnPlane, startOwnPlane } from '../plane.ts';
import { faultsAfter } from './night/faults.ts';
import { badHand } from './night/bad-hand.ts';
import { installDefinition } from './night/install.ts';
import { NINE } from './night/struck.ts';
import { type Member, Night } from './night/night.ts';
import { phases } from './night/phases.ts';
import { isSettled, type Story } from './night/story.ts';

const UNDER_WAY = 240_000;
const BAD_MS = 25_000;

async function expectDone(night: Night, ...stories: readonly Story[]): Promise<void> {
  for (const story of stories) await night.reaches(story, 'is closed', isSettled);
  const found = await Promise.all(stories.map((story) => faultsAfter(night, story)));
  expect(found.flat()).toEqual([]);
}

describe('what stands between the bot and the API server', () => {
  let night: Night;
  beforeAll(async () => {
    await installDefinition();
    const one = ['auth-service'];
    night = await Night.start({ stories: { bad: NINE, worse: one, away: one, half: NINE, silent: one, mute: NINE } });
  }, 480_000);
  afterAll(() => night.stop());

  it(
    'drops, delays, doubles and cuts short what passes: in the end all is done, once',
    async () => {
      const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
      process.stdout.write(`SEED=${seed}\n`);
      const stories = [night.story('bad'), night.story('worse')];
      night.members.forEach(({ gateway }, i) => (gateway.hand = badHand(seed + i)));
      for (const story of stories) await night.create(story);
      await new Promise((resolve) => setTimeout(resolve, BAD_MS));
      for (const { gateway } of night.members) gateway.hand = undefined;
      await expectDone(night, ...stories);
    },
    UNDER_WAY,
  );

  it.each([
    ['is gone, and comes back', 'away', 'half', 'down'],
    ['says nothing any more, and then does', 'silent', 'mute', 'hang'],
  ] as const)(
    '%s: what was under way is done, once',
    async (_what, one, nine, how) => {
      const leader = await night.leader();
      const stories = [night.story(one), night.story(nine)] as const;
      const holds = [
        night.hold(leader, stories[0], phases.patched),
        night.hold(leader, stories[1], phases.someThrough),
      ];
      await night.press(stories[0]);
      await night.create(stories[1]);
      await night.caught(holds);
      for (const { gateway } of night.members) {
        if (how === 'down') await gateway.front.faults.down();
        else gateway.front.faults.hang(() => true);
      }
      for (const hold of holds) hold.drop();
      await night.gaveUp(leader.replica);
      for (const { gateway } of night.members) {
        if (how === 'down') await gateway.front.faults.up();
        else gateway.front.faults.hang(undefined);
      }
      await expectDone(night, ...stories);
    },
    UNDER_WAY,
  );
});

describe('the API server itself', () => {
  let plane: OwnPlane;
  let night: Night;
  beforeAll(async () => {
    // It is taken away from all that use it.
    plane = await startOwnPlane();
    await installDefinition();
    const one = ['auth-service'];
    night = await Night.start({ stories: { killed: one, cut: NINE, frozen: one, stiff: NINE } });
  }, 480_000);
  afterAll(() => night.stop());
  afterAll(() => plane.stop());

  const patchesOf = ({ gateway }: Member, { namespace }: Story) =>
    gateway.writes.filter(({ path }) => path.includes(`/namespaces/${namespace}/deployments/`));

  /** Those that got through are answered: what the API server takes as it is killed nobody could count. */
  const answered = (leader: Member, story: Story) =>
    eventually(`four patches of ${story.environment} are answered`, () => patchesOf(leader, story).length === 4);

  it(
    'is killed when one is patched and nobody was told, and nine in part, and comes back: all is done, once',
    async () => {
      const leader = await night.leader();
      const [one, nine] = [night.story('killed'), night.story('cut')];
      const [answer, requests] = [
        night.hold(leader, one, phases.patched),
        night.hold(leader, nine, phases.someThrough),
      ];
      await night.press(one);
      await night.create(nine);
      await night.caught([answer, requests]);
      await answered(leader, nine);
      await plane.killApiServer();
      await requests.release();
      await night.gaveUp(leader.replica);
      answer.drop();
      await plane.healApiServer();
      await expectDone(night, one, nine);
    },
    UNDER_WAY,
  );

  it(
    'is frozen with patches of one and of nine in it, and takes them when their sender leads no more: all is done, once',
    async () => {
      const leader = await night.leader();
      const other = night.members.find((member) => member !== leader)!;
      const [one, nine] = [night.story('frozen'), night.story('stiff')];
      const holds = [night.hold(leader, one, phases.pressed), night.hold(leader, nine, phases.someThrough)];
      await night.press(one);
      await night.create(nine);
      await night.caught(holds);
      await answered(leader, nine);
      const isLease = ({ path }: { path: string }): boolean => path.includes('/leases');
      const term = other.gateway.hold('request', isLease, isLease);
      await plane.freezeApiServer();
      const taken = Promise.all(holds.map((hold) => hold.release()));
      await night.gaveUp(leader.replica);
      await plane.healApiServer();
      // It takes first what it was sent before; only then may another come to lead.
      await taken;
      expect(patchesOf(leader, one)).not.toEqual([]);
      term.drop();
      await expectDone(night, one, nine);
    },
    UNDER_WAY,
  );
});
