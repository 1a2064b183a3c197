import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultsAfter } from './night/faults.ts';
import { installDefinition } from './night/install.ts';
import { Night } from './night/night.ts';
import { phases } from './night/phases.ts';
import { isSettled } from './night/story.ts';

describe('the token of the bot ends while it works', () => {
  let night: Night;
  beforeAll(async () => {
    await installDefinition();
    night = await Night.start({ stories: { asked: ['auth-service'], pressed: ['auth-service'] } });
  }, 480_000);
  afterAll(() => night.stop());

  it('nothing goes on without it; with the next one in the file all is done, once', async () => {
    const leader = await night.leader();
    const stories = [night.story('asked'), night.story('pressed')] as const;
    const holds = [night.hold(leader, stories[0], phases.asked), night.hold(leader, stories[1], phases.pressed)];
    await night.press(stories[1]);
    await night.create(stories[0]);
    await night.caught(holds);
    await night.endToken();
    // The API server believes a token for some seconds more.
    await night.hears(leader, ({ status }) => status === 401);
    const before = leader.gateway.writes.length;
    await Promise.all(holds.map((hold) => hold.release()));
    await night.gaveUp(leader.replica);
    expect(leader.gateway.writes.slice(before).filter(({ status }) => status < 300)).toEqual([]);
    await night.renewToken();
    for (const story of stories) await night.reaches(story, 'is closed', isSettled);
    const found = await Promise.all(stories.map((story) => faultsAfter(night, story)));
    expect(found.flat()).toEqual([]);
  }, 240_000);
});
