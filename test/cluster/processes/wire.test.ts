import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultsAfter } from './night/faults.ts';
import { badHand } from './night/bad-hand.ts';
import { installDefinition } from './night/install.ts';
import { NINE } from './night/struck.ts';
import { Night } from './night/night.ts';
import { phases } from './night/phases.ts';
import { isSettled, type Story } from './night/story.ts';

const UNDER_WAY = 240_000;
const BAD_MS = 25_000;

describe('what stands between the bot and the API server', () => {
  let night: Night;
  beforeAll(async () => {
    await installDefinition();
    const one = ['auth-service'];
    night = await Night.start({ stories: { bad: NINE, worse: one, away: one, half: NINE, silent: one, mute: NINE } });
  }, 480_000);
  afterAll(() => night.stop());

  async function expectDone(...stories: readonly Story[]): Promise<void> {
    for (const story of stories) await night.reaches(story, 'is closed', isSettled);
    const found = await Promise.all(stories.map((story) => faultsAfter(night, story)));
    expect(found.flat()).toEqual([]);
  }

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
      await expectDone(...stories);
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
      await expectDone(...stories);
    },
    UNDER_WAY,
  );
});
