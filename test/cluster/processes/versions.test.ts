import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultsAfter, isLeadersOwn } from './night/faults.ts';
import { installDefinition } from './night/install.ts';
import { type Member, Night } from './night/night.ts';
import { phases } from './night/phases.ts';
import { isSettled } from './night/story.ts';

const UNDER_WAY = 240_000;
/** What node is told before src/main.ts. */
const asOlder = ['--import', new URL('night/older.ts', import.meta.url).href];

describe('the version before this one beside it', () => {
  let night: Night;
  let newer: Member;
  let older: Member;
  beforeAll(async () => {
    await installDefinition();
    const stories = { older: ['auth-service'], newer: ['auth-service'] };
    night = await Night.start({ stories, words: { second: asOlder } });
    [newer, older] = night.members as [Member, Member];
  }, 480_000);
  afterAll(() => night.stop());

  /** Resolves when this one leads, and both run. */
  async function leads(member: Member): Promise<void> {
    const other = member === newer ? older : newer;
    if ((await night.leader()) === member) return;
    await other.replica.end();
    await night.leader(other);
    await night.startReplica(other.replica);
  }

  it(
    'what the older one began the newer one ends',
    async () => {
      await leads(older);
      const story = night.story('older');
      const hold = night.hold(older, story, phases.patched);
      await night.press(story);
      await night.caught([hold]);
      await older.replica.kill();
      hold.drop();
      await night.reaches(story, 'is closed', isSettled);
      expect(await faultsAfter(night, story)).toEqual([]);
      await night.startReplica(older.replica);
    },
    UNDER_WAY,
  );

  it(
    'what the newer one began the older one leaves alone, also where it leads, until a newer one leads again',
    async () => {
      await leads(newer);
      const story = night.story('newer');
      const hold = night.hold(newer, story, phases.patched);
      await night.press(story);
      await night.caught([hold]);
      await newer.replica.kill();
      hold.drop();
      await night.leader(newer);
      const { name = '' } = (await night.rollback(story))?.metadata ?? {};
      await night.says(older, new RegExp(`a Rollback is left alone.*${name}.*Written by a newer bot`));
      await night.startReplica(newer.replica);
      await older.replica.end();
      await night.reaches(story, 'is closed', isSettled);
      expect(await faultsAfter(night, story)).toEqual([]);
      const touched = older.gateway.writes.filter((write) => isLeadersOwn(write) && write.path.includes(name));
      expect(touched.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    },
    UNDER_WAY,
  );
});
