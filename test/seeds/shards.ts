/** Runs seeds in processes of their own, two at a time: each makes virtual time the only time it has. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { ShardReport } from './run.ts';

const SHARDS = 2;

export interface SeedsReport {
  seeds: number;
  failing: number[];
  /** What failing seeds have to say; empty when none fails. */
  output: string;
  shards: ShardReport[];
}

/** One process; rejects when it breaks. */
export async function runShard(given: readonly (number | string)[]): Promise<{ output: string; report: ShardReport }> {
  const process_ = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'test/seeds/run.ts', ...given.map(String)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [output, trouble] = await Promise.all([text(process_.stdout), text(process_.stderr)]);
  const lines = output.trimEnd().split('\n');
  try {
    return { output: lines.slice(0, -1).join('\n'), report: JSON.parse(lines.at(-1)!) as ShardReport };
  } catch (error) {
    throw new Error(`the shard of seed ${given[0]} broke:\n${output}\n${trouble}`, { cause: error });
  }
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
