/** The matrix after a run: what each named test did, as lines to print, and what speaks against the run. Pure. */
import type { NamedTest, Row, Suite } from './row.ts';
import { becomes } from './title.ts';

/** One test of a run, as jest reports it. */
export interface Ran {
  /** Below test/, without `.test.ts`. */
  file: string;
  title: string;
  status: string;
}

type Verdict = 'passed' | 'failed' | 'did not run';

export interface Table {
  lines: string[];
  /** Named tests that did not run; those that failed are jest's to tell. */
  missing: string[];
}

const PLACE: Record<Suite, string> = {
  emulators: 'in the emulators',
  plane: 'on the real control plane',
  processes: 'with two processes on the real control plane',
};
const MARK: Record<Verdict, string> = { passed: '✓', failed: '✗', 'did not run': '?' };

function verdictOf({ file, title }: NamedTest, ran: readonly Ran[]): Verdict {
  const pattern = becomes(title);
  const own = ran.filter((test) => test.file === file && pattern.test(test.title));
  if (own.some(({ status }) => status === 'failed')) return 'failed';
  return own.length > 0 && own.every(({ status }) => status === 'passed') ? 'passed' : 'did not run';
}

/** Which rows have a test in this suite. */
export function covered(rows: readonly Row[], suite: Suite): Row[] {
  return rows.filter(({ faults }) => faults.some(({ tests }) => tests.some(({ on }) => on.includes(suite))));
}

export function tableOf(rows: readonly Row[], suite: Suite, ran: readonly Ran[]): Table {
  const lines: string[] = [];
  const missing: string[] = [];
  let green = 0;
  for (const { number, where, expected, faults, awaits } of rows) {
    if (awaits !== undefined) {
      lines.push(`  – ${number} ${where}: waits for ${awaits}`);
      continue;
    }
    const own = faults.flatMap(({ fault, tests }) =>
      tests.filter(({ on }) => on.includes(suite)).map((test) => ({ fault, test, verdict: verdictOf(test, ran) })),
    );
    const isGreen = own.length > 0 && own.every(({ verdict }) => verdict === 'passed');
    if (isGreen) green += 1;
    const worst = own.some(({ verdict }) => verdict === 'failed') ? '✗' : '?';
    lines.push(`  ${isGreen ? '✓' : own.length === 0 ? '–' : worst} ${number} ${where}: ${expected}`);
    for (const { fault, test, verdict } of own) {
      lines.push(`      ${MARK[verdict]} ${fault} — ${test.file}: ${test.title}`);
      if (verdict === 'did not run') missing.push(`row ${number}: ${test.file}: ${test.title}`);
    }
  }
  const all = covered(rows, suite).length;
  return {
    lines: [
      `Fault matrix ${PLACE[suite]}: ${green} of ${all} rows that are tested there passed, ${rows.length} in all`,
      ...lines,
    ],
    missing,
  };
}
