import { beforeAll, expect, it } from '@jest/globals';
import { installDefinition } from './night/install.ts';
import { Night } from './night/night.ts';
import { phases } from './night/phases.ts';
import { faultsAfter } from './night/faults.ts';
import { isSettled } from './night/story.ts';

beforeAll(installDefinition);

it('the leader is killed between the press and the patch', async () => {
  const night = await Night.start({ stories: { one: ['auth-service'] } });
  try {
    const story = night.story('one');
    const leader = await night.leader();
    const hold = night.hold(leader, story, phases.pressed);
    await night.press(story);
    await hold.caught;
    await leader.replica.kill();
    hold.drop();
    await night.leader(leader);
    await night.reaches(story, 'is closed', isSettled);
    expect(await faultsAfter(night, story)).toEqual([]);
  } finally {
    await night.stop();
  }
}, 240_000);
