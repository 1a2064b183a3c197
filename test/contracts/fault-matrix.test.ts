import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { pageOf } from '#test/fault-matrix/page.ts';
import { rows } from '#test/fault-matrix/rows.ts';
import { covered, tableOf } from '#test/fault-matrix/table.ts';
import { occurrences } from '#test/fault-matrix/title.ts';

const PROJECTS = {
  emulators: ['unit', 'contracts', 'playground', 'journeys', 'seeds'],
  plane: ['conformance', 'cluster', 'journeys'],
  processes: ['cluster'],
};
const AWAITED = ['Jira', 'Jira', 'ECR', 'SQL', 'webhooks in'];

const tests = rows.flatMap(({ faults }) => faults.flatMap((fault) => fault.tests));

describe('the fault matrix', () => {
  it('has 35 rows, of which only those wait that concern what is not built', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 35 }, (_, i) => i + 1));
    expect(rows.filter(({ awaits }) => awaits !== undefined).map(({ where }) => where)).toEqual(AWAITED);
  });

  it('names only tests that there are, each in the suite that runs it', () => {
    const wrong = tests.filter(({ file, title, on }) => {
      const path = `test/${file}.test.ts`;
      const isRun = on.every((suite) => PROJECTS[suite].includes(file.split('/')[0]!));
      return !isRun || !existsSync(path) || occurrences(readFileSync(path, 'utf8'), title) !== 1;
    });
    expect(wrong).toEqual([]);
  });

  it('is what docs/fault-matrix.md says', () => {
    expect(readFileSync('docs/fault-matrix.md', 'utf8')).toBe(pageOf(rows));
  });

  it('is green only where every named test passed, and says which one did not run', () => {
    const row = rows.find(({ number }) => number === 7)!;
    const ran = row.faults
      .flatMap((fault) => fault.tests)
      .map(({ file, title }) => ({
        file,
        title: title.replaceAll('%s', 'one').replaceAll('%i', '2'),
        status: 'passed',
      }));
    expect(tableOf([row], 'emulators', ran).lines[1]).toMatch(/✓ 7 controller/);
    expect(tableOf([row], 'emulators', ran).missing).toEqual([]);
    const failed = ran.map((test) => ({ ...test, status: 'failed' }));
    expect(tableOf([row], 'emulators', failed).lines[1]).toMatch(/✗ 7 controller/);
    const skipped = tableOf(
      [row],
      'emulators',
      ran.map((test) => ({ ...test, status: 'pending' })),
    );
    expect(skipped.missing).toHaveLength(covered([row], 'emulators')[0]!.faults.flatMap((fault) => fault.tests).length);
  });
});
