/**
 * `npm run bench [-- NAME…]`: runs each benchmark in processes of its own and prints its figures as ratios against a baseline of the same
 * run. Nothing here passes or fails; docs/operating.md quotes it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Result } from './result.ts';

const BENCHMARKS = ['rescue', 'caches'];

function run(name: string): Result[] {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const words = ['--expose-gc', '--disable-warning=ExperimentalWarning', file];
  const { status, stdout } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Result);
}

const chosen = process.argv.slice(2);
for (const name of chosen.length > 0 ? chosen : BENCHMARKS) {
  for (const { what, against, unit, measured, baseline } of run(name)) {
    const figures = [measured, baseline].map((value) => `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`);
    const ratio = (measured / baseline).toFixed(2);
    process.stdout.write(`${ratio.padStart(7)} × ${what}: ${figures[0]}, against ${against}: ${figures[1]}\n`);
  }
}
