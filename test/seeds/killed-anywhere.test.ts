import { describe, expect, it } from '@jest/globals';
import { nights } from './kill/nights.ts';
import { runKills } from './shards.ts';

const MINUTES = 60_000;

describe('a bot whose power is cut before or after any of its side effects, and that is started again', () => {
  it.concurrent.each(Object.keys(nights))(
    'ends all the same: %s',
    async (night) => {
      const { report, output } = await runKills(night);
      expect({ failing: report.failing, output }).toEqual({ failing: [], output: '' });
      expect(report.cuts).toBe(2 * Object.values(report.effects).reduce((sum, times) => sum + times, 0));
    },
    10 * MINUTES,
  );
});
