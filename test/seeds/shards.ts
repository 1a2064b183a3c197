/** Runs seeds in processes of their own, two at a time: each makes virtual time the only time it has. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { BreakageReport } from './broken/run.ts';
import type { KillReport } from './kill/run.ts';
import type { ShardReport } from './run.ts';

const SHARDS = 2;

export interface SeedsReport {
  seeds: number;
  failing: number[];
  /** What failing seeds have to say; empty when none fails. */
  output: string;
  shards: ShardReport[];
}

/** One process; what it says, and the JSON of its last line. Rejects when it breaks. */
async function runProcess(file: string, given: readonly string[]): Promise<{ output: string; report: unknown }> {
  const child = spawn(process.execPath, ['--max-semi-space-size=64', file, ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, trouble] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = output.trimEnd().split('\n');
  try {
    return { output: lines.slice(0, -1).join('\n'), report: JSON.parse(lines.at(-1)!) };
  } catch (error) {
    throw new Error(`${file} ${given.join(' ')} broke:\n${output}\n${trouble}`, { cause: error });
  }
}

/** `given`: see run.ts. */
export async function runShard(given: readonly (number | string)[]): Promise<{ output: string; report: ShardReport }> {
  const { output, report } = await runProcess('test/seeds/run.ts', given.map(String));
  return { output, report: report as ShardReport };
}

/** Cuts nights short at each of their side effects, in one process: the next ones run on code that is warm by then. */
export async function runKills(nights: readonly string[]): Promise<{ output: string; reports: KillReport[] }> {
  const { output, report } = await runProcess('test/seeds/kill/run.ts', nights);
  return { output, reports: report as KillReport[] };
}

/** Seeds from `first` on against a product that is broken in one way, until one notices. */
export async function runBroken(breakage: string, first: number, max: number): Promise<BreakageReport> {
  const { report } = await runProcess('test/seeds/broken/run.ts', [breakage, String(first), String(max)]);
  return report as BreakageReport;
}

/** Seeds first, first + 1, … */
export async function runSeeds(first: number, count: number): Promise<SeedsReport> {
  const sizes = Array.from({ length: SHARDS }, (_, shard) => Math.ceil((count - shard) / SHARDS));
  const done = await Promise.all(
    sizes.flatMap((size, shard) => (size > 0 ? [runShard([first + shard, size, SHARDS])] : [])),
  );
  return {
    seeds: count,
    failing: done.flatMap(({ report }) => report.failing).toSorted((a, b) => a - b),
    output: done.map(({ output }) => output).join('\n'),
    shards: done.map(({ report }) => report),
  };
}
