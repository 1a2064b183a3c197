import { describe, expect, it } from '@jest/globals';
import { type Difference, firstDifference, shrunk } from './rehearsal.ts';
import { reportOf } from './report.ts';
import { sequenceOf } from './sequence.ts';

const givenSeed = process.env['DIFFERENTIAL_SEED'];
const baseSeed = givenSeed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(givenSeed);
const count = Number(process.env['DIFFERENTIAL_SEQUENCES'] ?? (givenSeed === undefined ? 300 : 1));
const atATime = 32;
const reportedAtMost = 5;
const perSequenceMs = 10_000;

/** As many at a time as the plane takes; stops early when there is enough to tell. */
async function differences(): Promise<Difference[]> {
  const found: Difference[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < count && found.length < reportedAtMost) {
      const seed = baseSeed + next;
      next += 1;
      const difference = await firstDifference(sequenceOf(seed));
      if (difference) found.push(difference);
    }
  }
  await Promise.all(Array.from({ length: atATime }, work));
  return found;
}

describe('the simulated cluster beside a real one', () => {
  it(
    `shows the same after ${count} random sequences of changes from seed ${baseSeed}`,
    async () => {
      const found = await differences();
      const smallest = await Promise.all(found.slice(0, reportedAtMost).map((one) => shrunk(one)));
      expect(smallest.map(reportOf).join('\n')).toBe('');
    },
    60_000 + count * perSequenceMs,
  );
});
