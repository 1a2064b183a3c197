import { describe, expect, it } from '@jest/globals';
import { remembered } from './remembered.ts';
import { runSeeds, runShard } from './shards.ts';

/** `SEED=… npm run jest -- --selectProjects seeds` replays one; SEEDS_FROM=… takes the 300 from there instead of new ones. */
const given = process.env['SEED'];
const from = process.env['SEEDS_FROM'];
const FRESH = 300;
const MINUTES = 60_000;

describe('whatever fails on the way, once it works again the invariants hold', () => {
  const first = Number(given ?? from ?? Math.floor(Math.random() * 1e9));
  const count = given === undefined ? FRESH : 1;

  it(
    `in ${count} seeds from SEED=${first}`,
    async () => {
      const { failing, output, seeds } = await runSeeds(first, count);
      expect({ failing, output }).toEqual({ failing: [], output: output.trim() === '' ? output : '' });
      expect(seeds).toBe(count);
    },
    10 * MINUTES,
  );

  it(
    'in seeds that once failed',
    async () => {
      const once = await Promise.all(
        remembered.map(async ({ seed, why }) => ({ why, ...(await runShard([seed, 1])) })),
      );
      const failing = once.filter(({ report }) => report.failing.length > 0);
      expect(failing.map(({ why, output }) => ({ why, output }))).toEqual([]);
      expect(once).toHaveLength(remembered.length);
    },
    5 * MINUTES,
  );
});

it(
  'a seed is the same night each time, down to the last write and word',
  async () => {
    const [once, again] = await Promise.all([runShard([11, 6, 1, 'digests']), runShard([11, 6, 1, 'digests'])]);
    const alone = await runShard([14, 1, 1, 'digests']);
    expect(again.report.digests).toEqual(once.report.digests);
    expect(alone.report.digests).toEqual([once.report.digests[3]]);
    expect(new Set(once.report.digests).size).toBe(6);
  },
  2 * MINUTES,
);
