/**
 * `npm run seeds -- COUNT [SEED]`: runs COUNT seeds from SEED (any, when absent) on two cores; ends with 1 when one of them fails.
 * `SEED=… npm run seeds` repeats one.
 */
import { runSeeds } from '../test/seeds/shards.ts';

const given = process.env['SEED'];
const [count = given === undefined ? 1000 : 1, seed = Number(given ?? Math.floor(Math.random() * 1e9))] = process.argv
  .slice(2)
  .map(Number);
const startedAt = performance.now();
console.log(`${count} seeds from SEED=${seed}`);
const { failing, output, shards } = await runSeeds(seed, count);
if (output.trim() !== '') console.log(output);
const seconds = (performance.now() - startedAt) / 1000;
const cpuMs = shards.map(({ cpuMsPerSeed }) => cpuMsPerSeed);
console.log(
  `${count - failing.length} of ${count} held in ${seconds.toFixed(1)} s: ${(count / seconds).toFixed(0)} seeds/s, ${cpuMs.join(' and ')} ms of CPU each`,
);
if (failing.length > 0) console.log(`failing: ${failing.map((one) => `SEED=${one}`).join(' ')}`);
process.exitCode = failing.length > 0 ? 1 : 0;
