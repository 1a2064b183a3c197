/**
 * The power of a replica is cut at one of its calls, whichever: reads, lease renewals and posts as well as side effects. Before the call,
 * while it is on its way, or some moments after its answer, in the middle of whatever the answer set off.
 */
import { currentMachine, type Machine, onMachine } from '../time/machine.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Fate, Weather } from './weather.ts';

type Random = () => number;

export interface PowerCut {
  /** Of all calls that the replicas make from the first press on. */
  nth: number;
  side: 'before' | 'on its way' | 'after';
  /** ms after the answer, or after it was sent. */
  thenMs: number;
  offMs: number;
}

/** Half of the seeds have none. */
export function drawPowerCuts(random: Random): PowerCut[] {
  const count = random() < 0.5 ? 0 : 1 + Math.floor(random() * 2);
  return Array.from({ length: count }, () => ({
    nth: 1 + Math.floor(random() * (random() < 0.7 ? 80 : 400)),
    side: (['before', 'on its way', 'after'] as const)[Math.floor(random() * 3)]!,
    thenMs: random() < 0.5 ? 0 : random() * 6,
    offMs: random() < 0.6 ? random() * 3000 : random() * 25_000,
  }));
}

/** `revive` is called when its power is back. */
export function underPowerCuts(
  weather: Weather,
  cuts: readonly PowerCut[],
  timeline: Timeline,
  revive: (machine: Machine) => void,
): Weather {
  let calls = 0;
  const strike = (fate: Fate): Fate => {
    calls += 1;
    const machine = currentMachine();
    const cut = cuts.find(({ nth }) => nth === calls);
    if (!cut || !machine) return fate;
    const off = (): void => {
      machine.kill();
      timeline.after(cut.offMs, () => revive(machine));
    };
    const ms = cut.side === 'after' ? fate.thereMs + fate.backMs + cut.thenMs : cut.thenMs;
    onMachine(undefined, () => timeline.after(ms, off));
    return cut.side === 'before' ? { ...fate, dropped: 'silent' } : fate;
  };
  return {
    ...weather,
    kubernetes: (method, path) => strike(weather.kubernetes(method, path)),
    slack: (method) => strike(weather.slack(method)),
  };
}
