import { describe, expect, it } from '@jest/globals';
import { type Difference, firstDifference, shrunk } from './rehearsal.ts';
import { reportOf } from './report.ts';
import { isImpatient, type Sequence, sequenceOf } from './sequence.ts';

const givenSeed = process.env['DIFFERENTIAL_SEED'];
const baseSeed = givenSeed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(givenSeed);
const count = Number(process.env['DIFFERENTIAL_SEQUENCES'] ?? (givenSeed === undefined ? 300 : 1));
const atATime = 24;
/**
 * In the last second before its deadline the controller looks at a Deployment again and again, each time through the rate limit that all
 * retries share: many of them at once keep one another, and everybody else, waiting.
 */
const impatientAtATime = 3;
const reportedAtMost = 5;
const perSequenceMs = 10_000;

/** As many at a time as the plane takes; stops early when there is enough to tell. */
async function differences(): Promise<Difference[]> {
  const found: Difference[] = [];
  const { patient = [], impatient = [] } = Object.groupBy(
    Array.from({ length: count }, (_, index) => sequenceOf(baseSeed + index)),
    (sequence) => (isImpatient(sequence) ? 'impatient' : 'patient'),
  );
  async function work(waiting: Sequence[]): Promise<void> {
    while (found.length < reportedAtMost) {
      const sequence = waiting.shift();
      if (!sequence) return;
      const difference = await firstDifference(sequence);
      if (difference) found.push(difference);
    }
  }
  const workers = (many: number, waiting: Sequence[]) => Array.from({ length: many }, () => work(waiting));
  await Promise.all([...workers(atATime, patient), ...workers(impatientAtATime, impatient)]);
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
