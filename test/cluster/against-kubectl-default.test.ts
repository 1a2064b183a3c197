/** Where kubectl, left to itself, goes back to a broken version, and where the bot goes instead: the last one known to be good. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Night, night, Remembered } from './against-kubectl/nights.ts';
import { side } from './against-kubectl/side.ts';
import { usePlane } from './plane.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const NIGHTS = 24;
const plane = usePlane('default');
const here = side(plane);

beforeAll(() => here.view.start(plane.signal));

async function lived(name: string, story: string): Promise<Night> {
  const one = night(here, name);
  for (const word of story.split(' ')) await one.happen(word);
  return one;
}

/** The version, or the reason of the refusal. */
async function byDefault(one: Night): Promise<string> {
  const { refused, to } = await one.plan();
  return refused?.reason ?? to?.version.split('-')[0] ?? '';
}

const aStory = fc
  .array(fc.constantFrom('g1', 'g2', 's3', 's4', 'b5', 'c6', 'undo', 'undo', 'rollback'), {
    minLength: 2,
    maxLength: 7,
  })
  .map((words) => ['g0', ...words]);

describe('the default target', () => {
  it.each([
    ['a version that ran well', 'g1 g2', 'g1', 'g1'],
    ['not the broken one before it', 'g1 b2 g3', 'b2', 'g1'],
    ['not the one that crashes, nor the one before that', 'g1 b2 c3 g4', 'c3', 'g1'],
    ['not the one that an undo by hand just left', 'g1 g2 g3 undo', 'g3', 'g1'],
    ['not the one that the bot just left', 'g1 g2 b3 rollback', 'b3', 'g1'],
    ['further back, twice in one night', 'g1 g2 b3 rollback rollback', 'g2', 'OnlyLeftVersions'],
    ['where an undo was undone, what it went back to', 'g1 g2 undo undo', 'g1', 'g1'],
    ['not one that ran for three minutes only', 'g1 s2 g3', 's2', 'g1'],
    ['nothing, rather than the broken version once more', 'g1 b2 undo', 'b2', 'OnlyLeftVersions'],
  ])('is %s: %s', async (_what, story, byHand, expected) => {
    const name = `n-${story.replaceAll(' ', '-')}`;
    const one = await lived(name, story);
    expect(await byDefault(one)).toBe(expected);
    await one.happen('undo');
    expect(await one.version()).toBe(byHand);
  });

  it('is one that ran for a short time where nothing better is known, and says so', async () => {
    const { to, findings } = await (await lived('short', 's1 b2')).plan();
    expect(to).toMatchObject({ version: 's1', ranWellMinutes: 3 });
    expect(findings.find(({ check }) => check === 'ran-well')?.text).toBe(
      'Whether s1 ran well is hardly known: the bot saw it run for 3 minutes only. Nothing better is known: no earlier version ran for 10 minutes.',
    );
  });

  it('passes over what somebody left, and says so', async () => {
    const { findings } = await (await lived('told', 'g1 g2 g3 undo')).plan();
    const texts = findings.filter(({ check }) => check === 'skipped-versions').map(({ text }) => text);
    expect(texts).toEqual(['g3 was passed over: it was rolled back from by hand.']);
  });

  it(`is the last known good after any night (SEED=${SEED})`, async () => {
    const stories = fc.sample(aStory, { seed: SEED, numRuns: NIGHTS });
    const told = await Promise.all(
      stories.map(async (words, at) => {
        const one = night(here, `any-${at}`);
        const remembered = new Remembered();
        for (const word of words) {
          await one.happen(word);
          remembered.see(word, await one.version());
        }
        return { story: words.join(' '), default: await byDefault(one), expected: remembered.expected() };
      }),
    );
    expect(told.map(({ story, default: version }) => `${story}: ${version}`)).toEqual(
      told.map(({ story, expected }) => `${story}: ${expected}`),
    );
  }, 120_000);
});
