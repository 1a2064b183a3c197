/**
 * `node test/seeds/broken/run.ts BREAKAGE FIRST MAX`: seeds FIRST, FIRST + 1, … against a product that is broken in one way, until one
 * notices. Prints one line of JSON: a BreakageReport.
 */
import { enterSeed } from '../time/process-time.ts';
import { createTimeline } from '../time/timeline.ts';
import { breakProduct } from './break.ts';
import { breakages } from './breakages.ts';

export interface BreakageReport {
  breakage: string;
  /** Seeds run: the last one noticed, unless none did. */
  seeds: number;
  /** What the seed said first; undefined: none noticed. */
  fault?: string;
}

const [name = '', first, max] = process.argv.slice(2);
const breakage = breakages[name];
if (!breakage) throw new Error(`no such breakage: ${name}`);
const unbroken = breakProduct(breakage);
enterSeed(createTimeline(), () => 0.5);
const { runSeed } = await import('../seed.ts');
if (unbroken().length > 0) throw new Error(`not loaded: ${unbroken().join(', ')}`);

const report: BreakageReport = { breakage: name, seeds: 0 };
while (report.seeds < Number(max) && report.fault === undefined) {
  const { faults } = await runSeed(Number(first) + report.seeds);
  report.seeds += 1;
  if (faults[0] !== undefined) report.fault = faults[0];
}
process.stdout.write(`${JSON.stringify(report)}\n`);
