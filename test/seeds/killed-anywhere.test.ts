import { beforeAll, describe, expect, it } from '@jest/globals';
import { nights } from './kill/nights.ts';
import type { KillReport } from './kill/run.ts';
import { runKills } from './shards.ts';

const MINUTES = 60_000;
const names = Object.keys(nights);

describe('a bot whose power is cut before or after any of its side effects, and that is started again', () => {
  const reports = new Map<string, KillReport>();
  let said = '';
  beforeAll(async () => {
    const halves = [0, 1].map((half) => names.filter((_name, i) => i % 2 === half));
    for (const { output, reports: half } of await Promise.all(halves.map(runKills))) {
      said += output;
      for (const report of half) reports.set(report.night, report);
    }
  }, 10 * MINUTES);

  it.each(names)('ends all the same: %s', (night) => {
    const { failing, effects, cuts } = reports.get(night)!;
    expect({ failing, said: failing.length === 0 ? '' : said }).toEqual({ failing: [], said: '' });
    expect(cuts).toBe(2 * Object.values(effects).reduce((sum, times) => sum + times, 0));
  });
});
