/**
 * `npm run seeds:broken -- MAX [SEED] [BREAKAGE…]`: breaks the product in one way after the other, each in processes of its own, and
 * prints after how many seeds from SEED (any, when absent) one notices: the table of docs/seeds.md. Ends with 1 when a breakage goes
 * unnoticed through MAX seeds.
 */
import { breakages } from '../test/seeds/broken/breakages.ts';
import { runBroken } from '../test/seeds/shards.ts';

const AT_ONCE = 2;
const [max = '400', seed = String(Math.floor(Math.random() * 1e9)), ...chosen] = process.argv.slice(2);
const left = chosen.length > 0 ? chosen : Object.keys(breakages);
let unnoticed = 0;

console.log(`from SEED=${seed}, at most ${max} each\n\n| left out | noticed by seed | as |\n| --- | --- | --- |`);
async function work(): Promise<void> {
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const { seeds, fault } = await runBroken(name, Number(seed), Number(max));
    if (fault === undefined) unnoticed += 1;
    const told = fault === undefined ? `none of ${seeds} | ` : `${seeds} | ${fault.slice(0, 110).replaceAll('|', '/')}`;
    console.log(`| ${breakages[name]!.breaks} (\`${name}\`) | ${told} |`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
process.exitCode = unnoticed > 0 ? 1 : 0;
