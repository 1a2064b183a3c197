/**
 * `node test/seeds/run.ts FIRST COUNT [STRIDE] [digests]`: runs seeds FIRST, FIRST + STRIDE, … in this process, which knows no other time
 * than theirs. Prints each failing one as it comes, and at the end one line of JSON: a ShardReport.
 */
import { enterSeed } from './time/process-time.ts';
import { createTimeline } from './time/timeline.ts';

export interface ShardReport {
  seeds: number;
  failing: number[];
  cpuMsPerSeed: number;
  virtualSecondsPerSeed: number;
  /** Of each seed's whole history; empty unless asked for. */
  digests: string[];
}

const numbers = process.argv.slice(2).map(Number);
const [first = 1, count = 1, stride = 1] = numbers.filter((n) => !Number.isNaN(n));
const isDigested = process.argv.at(-1) === 'digests';

// Whatever the SDKs ask for while they load.
enterSeed(createTimeline(), () => 0.5);
const { runSeed } = await import('./seed.ts');

const startedCpu = process.cpuUsage();
const failing: number[] = [];
const digests: string[] = [];
let virtualMs = 0;
for (let i = 0; i < count; i++) {
  const result = await runSeed(first + i * stride, { isDigested });
  virtualMs += result.virtualMs;
  if (isDigested) digests.push(result.digest);
  if (result.faults.length === 0) continue;
  failing.push(result.seed);
  const lines = [`SEED=${result.seed}`, ...result.faults.map((f) => `  ${f}`), ...result.story.map((s) => `  — ${s}`)];
  process.stdout.write(`${lines.join('\n')}\n`);
}
const { user, system } = process.cpuUsage(startedCpu);
const report: ShardReport = {
  seeds: count,
  failing,
  cpuMsPerSeed: Math.round((user + system) / 100 / count) / 10,
  virtualSecondsPerSeed: Math.round(virtualMs / 1000 / count),
  digests,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
