import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  EMPTY_JOURNAL,
  type Journal,
  type LeftMark,
  type Rollout,
  markLeft,
  memoryOf,
  mergeJournals,
  noteNumbers,
  type Numbered,
  pruneJournal,
  withdrawMarks,
} from '#journal/journal.ts';
import { parseJournal } from '#journal/journal-file.ts';
import { at } from '#test/harness/builders.ts';

const workloads = ['auth-service'];
const mark: LeftMark = { workload: 'auth-service', templateHash: 'hash-v1.4.3', leftAt: at('03:03'), by: 'first' };

function rollout(version: string, more: Partial<Rollout> = {}): Rollout {
  return {
    workload: 'auth-service',
    templateHash: `hash-${version}`,
    replicaSet: { name: version, uid: `uid-${version}` },
    from: at('01:00'),
    to: at('02:00'),
    healthyMinutes: 60,
    watching: false,
    ...more,
  };
}

describe('marks of versions left', () => {
  it('are kept once, however often they are made', () => {
    const once = markLeft(EMPTY_JOURNAL, [mark]);
    expect(markLeft(once, [{ ...mark, leftAt: at('03:04') }])).toBe(once);
    expect([...memoryOf(once, 'auth-service').left.keys()]).toEqual(['hash-v1.4.3']);
  });

  it('do not count for another workload', () => {
    expect(memoryOf(markLeft(EMPTY_JOURNAL, [mark]), 'api-gateway').left.size).toBe(0);
  });

  it('are withdrawn when their rollback is undone, and a repeated mark does not revive them', () => {
    const left = markLeft(EMPTY_JOURNAL, [mark]);
    const undone = withdrawMarks(left, { by: 'first', at: at('03:10'), workloads });
    expect(memoryOf(undone, 'auth-service').left.size).toBe(0);
    expect(memoryOf(markLeft(undone, [mark]), 'auth-service').left.size).toBe(0);
    expect(withdrawMarks(undone, { by: 'first', at: at('03:11'), workloads })).toBe(undone);
  });

  it('stay for the other services when only one of them is undone', () => {
    const both = markLeft(EMPTY_JOURNAL, [mark, { ...mark, workload: 'api-gateway' }]);
    const undone = withdrawMarks(both, { by: 'first', at: at('03:10'), workloads: ['auth-service'] });
    expect(memoryOf(undone, 'auth-service').left.size).toBe(0);
    expect(memoryOf(undone, 'api-gateway').left.size).toBe(1);
  });

  it('count again when a later rollback leaves the same version', () => {
    const undone = withdrawMarks(markLeft(EMPTY_JOURNAL, [mark]), { by: 'first', at: at('03:10'), workloads });
    const again = markLeft(undone, [{ ...mark, by: 'second', leftAt: at('04:00') }]);
    expect(memoryOf(again, 'auth-service').left.get('hash-v1.4.3')?.by).toBe('second');
  });
});

describe('memory of a workload', () => {
  it('holds minutes only of versions that were seen healthy', () => {
    const journal: Journal = { rollouts: [rollout('v1'), rollout('v2', { healthyMinutes: 0 })], left: [] };
    expect([...memoryOf(journal, 'auth-service').ranWell]).toEqual([['hash-v1', 60]]);
  });
});

describe('two copies of a journal', () => {
  const journals = fc
    .record({
      rollouts: fc.array(
        fc.record({
          version: fc.constantFrom('v1', 'v2', 'v3'),
          hour: fc.integer({ min: 2, max: 9 }),
          minutes: fc.nat(90),
        }),
        { maxLength: 4 },
      ),
      left: fc.array(fc.record({ by: fc.constantFrom('a', 'b'), isWithdrawn: fc.boolean() }), { maxLength: 3 }),
    })
    .map(({ rollouts, left }): Journal =>
      mergeJournals(EMPTY_JOURNAL, {
        rollouts: rollouts.map((r) => rollout(r.version, { to: at(`0${r.hour}:00`), healthyMinutes: r.minutes })),
        left: left.map(({ by, isWithdrawn }) => ({
          ...mark,
          by,
          ...(isWithdrawn ? { withdrawnAt: at('05:00') } : {}),
        })),
      }),
    );

  it('merge to the same journal however often and in whatever order', () => {
    fc.assert(
      fc.property(journals, journals, (a, b) => {
        const merged = mergeJournals(a, b);
        const sorted = (j: Journal) =>
          JSON.stringify([j.rollouts, j.left].map((l) => l.map((x) => JSON.stringify(x)).toSorted()));
        expect(sorted(mergeJournals(merged, b))).toBe(sorted(merged));
        expect(sorted(mergeJournals(b, a))).toBe(sorted(merged));
      }),
    );
  });

  it('lose no version, no minute and no withdrawal', () => {
    fc.assert(
      fc.property(journals, journals, (a, b) => {
        const merged = memoryOf(mergeJournals(a, b), 'auth-service');
        for (const one of [a, b]) {
          for (const [hash, minutes] of memoryOf(one, 'auth-service').ranWell) {
            expect(merged.ranWell.get(hash)).toBeGreaterThanOrEqual(minutes);
          }
        }
        const withdrawn = [...a.left, ...b.left].filter((m) => m.withdrawnAt !== undefined).map((m) => m.by);
        expect(withdrawn).not.toContain(merged.left.get(mark.templateHash)?.by);
      }),
    );
  });
});

describe('a journal that grew too large', () => {
  it('forgets the oldest first, and fits', () => {
    const minute = (n: number) =>
      `2026-11-${String(10 + Math.floor(n / 60)).padStart(2, '0')}T00:${String(n % 60).padStart(2, '0')}:00.000Z`;
    const rollouts = Array.from({ length: 200 }, (_, n) => rollout(`v${n}`, { to: minute(n) }));
    const pruned = pruneJournal({ rollouts, left: [] }, 2_000);
    expect(Buffer.byteLength(JSON.stringify(pruned))).toBeLessThanOrEqual(2_000);
    expect(pruned.rollouts.at(-1)?.templateHash).toBe('hash-v199');
  });

  it('keeps a small one as it is', () => {
    const journal = { rollouts: [rollout('v1')], left: [mark] };
    expect(pruneJournal(journal)).toEqual(journal);
  });
});

describe('a journal as it was saved', () => {
  it('is read back as it was', () => {
    const journal = { rollouts: [rollout('v1')], left: [mark] };
    expect(parseJournal(JSON.stringify(journal))).toEqual(journal);
  });

  it.each([
    ['there is none', undefined],
    ['it is not JSON', '{"rollouts": ['],
    ['it is something else', '[1, 2]'],
  ])('is empty when %s', (_story, text) => {
    expect(parseJournal(text)).toEqual(EMPTY_JOURNAL);
  });

  it('leaves out an entry of another shape and keeps the rest', () => {
    const text = JSON.stringify({ rollouts: [{ workload: 1 }, rollout('v1')], left: [null, mark] });
    expect(parseJournal(text)).toEqual({ rollouts: [rollout('v1')], left: [mark] });
  });
});

describe('numbers of versions of a StatefulSet', () => {
  const numbered = (version: string, revision: number): Numbered => {
    return { workload: 'StatefulSet/auth-db', owner: 'uid-db', templateHash: `hash-${version}`, revision };
  };
  const [first, second, third] = [numbered('v1', 1), numbered('v2', 2), numbered('v1', 3)] as const;

  it('are kept once, in the order in which they were seen', () => {
    const seen = noteNumbers(noteNumbers(EMPTY_JOURNAL, [first, second]), [second, third]);
    expect(memoryOf(seen, 'StatefulSet/auth-db').numbers).toEqual([first, second, third]);
    expect(noteNumbers(seen, [third])).toBe(seen);
  });

  it('do not count for another workload', () => {
    expect(memoryOf({ ...EMPTY_JOURNAL, numbers: [first] }, 'auth-db').numbers).toEqual([]);
  });

  it('are all there when two copies are joined', () => {
    const [a, b] = [noteNumbers(EMPTY_JOURNAL, [first, second]), noteNumbers(EMPTY_JOURNAL, [second, third])];
    expect(mergeJournals(a, b).numbers).toEqual([first, second, third]);
    expect(mergeJournals(EMPTY_JOURNAL, EMPTY_JOURNAL)).toEqual(EMPTY_JOURNAL);
  });

  it('are read back as they were saved, but for those of another shape', () => {
    const text = JSON.stringify({ ...EMPTY_JOURNAL, numbers: [first, { ...second, revision: 'two' }] });
    expect(parseJournal(text)).toEqual({ ...EMPTY_JOURNAL, numbers: [first] });
  });

  it('are forgotten, the oldest first, when there is no room', () => {
    const many = Array.from({ length: 200 }, (_, index) => numbered(`v${index}`, index + 1));
    expect(pruneJournal({ ...EMPTY_JOURNAL, numbers: many }).numbers).toEqual(many.slice(-60));
    expect(pruneJournal({ ...EMPTY_JOURNAL, numbers: many }, 50)).toEqual(EMPTY_JOURNAL);
  });
});
