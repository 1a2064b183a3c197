/**
 * What a row of the fault matrix is: a fault, what has to come of it, and the tests that show it, by file and title as the file has them.
 * A title with `%s` or `${…}` in it stands for every test that it becomes. Knows nothing of how tests are run.
 */

/** emulators: `npm test`. plane: `npm run test:cluster`, on a real control plane. processes: `npm run test:processes`, two of the bot on one. */
export type Suite = 'emulators' | 'plane' | 'processes';

export interface NamedTest {
  /** Below test/, without `.test.ts`. */
  file: string;
  title: string;
  /** Where the fault is really injected. */
  on: readonly Suite[];
}

export interface Fault {
  fault: string;
  tests: readonly NamedTest[];
}

export interface Row {
  number: number;
  where: string;
  expected: string;
  faults: readonly Fault[];
  /** What would have to exist first; such a row has no faults. */
  awaits?: string;
}

/** A night in Slack, played by both suites; the fault is made between the bot and the cluster, in Slack, or by people. */
export const journey = (file: string, title: string): NamedTest => ({
  file: `journeys/${file}`,
  title,
  on: ['emulators', 'plane'],
});

/** `file` begins with the jest project. */
export const emulated = (file: string, title: string): NamedTest => ({ file, title, on: ['emulators'] });

export const onPlane = (file: string, title: string): NamedTest => ({ file, title, on: ['plane'] });

export const processes = (file: string, title: string): NamedTest => ({
  file: `cluster/processes/${file}`,
  title,
  on: ['processes'],
});

/** Faults of every port, drawn anew in every run. */
export const seeds: NamedTest = emulated('seeds/seeds', 'in ${count} seeds from SEED=${first}');

/** The power is cut before and after every side effect of ten nights. */
export const everyEffect: NamedTest = emulated('seeds/killed-anywhere', 'ends all the same: %s');

export const fault = (name: string, ...tests: NamedTest[]): Fault => ({ fault: name, tests });
