/** Hosts whose clocks are wrong: ahead, behind, set anew in the middle of the night, or too fast or too slow. */
import type { Happening } from './happening.ts';

type Random = () => number;

const SORTS = ['ahead or behind', 'set anew', 'rate'] as const;
/** What Slack is looked through before an intent is two minutes: hosts that are further apart are for an operator to see. */
const OFF_BY_MS = 90_000;
/** Below what lies between the renew deadline and the lease's end. */
const RATES = { from: 0.8, to: 1.25 };

/** Most seeds have none. */
export function drawClocks(random: Random, startsAtMs: number, healsAtMs: number): Happening[] {
  if (random() > 0.12) return [];
  const sort = SORTS[Math.floor(random() * SORTS.length)]!;
  const replica = random() < 0.5 ? 'a' : 'b';
  const offsetMs = (random() * 2 - 1) * OFF_BY_MS;
  const rate = RATES.from + random() * (RATES.to - RATES.from);
  const atMs = sort === 'set anew' ? startsAtMs + random() * (healsAtMs - startsAtMs) : 0;
  return [
    {
      atMs,
      says:
        sort === 'rate'
          ? `the clock of ${replica} runs at ${rate.toFixed(2)}`
          : `the clock of ${replica} is off by ${Math.round(offsetMs)} ms`,
      run({ scene: { clocks, timeline } }) {
        if (sort === 'rate') clocks[replica]!.run(rate, timeline.world());
        else clocks[replica]!.set(offsetMs);
      },
    },
  ];
}
