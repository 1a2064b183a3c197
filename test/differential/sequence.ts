/** What people do to one Deployment, in random, repeatable order: one seed, one sequence. */
import { seededRandom } from '#playground/scenarios/seeded-random.ts';

/** How a container of the image turns out, on both planes: it is the end of its tag. */
export type Outcome = 'good' | 'broken' | 'crash' | 'never-ready';

export interface Version {
  number: number;
  outcome: Outcome;
}

export interface Strategy {
  type: 'RollingUpdate' | 'Recreate';
  maxSurge?: number | string;
  maxUnavailable?: number | string;
}

export interface Sketch {
  version: Version;
  replicas: number;
  strategy: Strategy;
  historyLimit: number;
  progressDeadlineSeconds: number;
  minReadySeconds: number;
  change?: string;
}

export type Step = (
  | { kind: 'deploy'; version: Version }
  /** A new value of an environment variable, the image as it is. */
  | { kind: 'configure'; value: string }
  /** The template that is there already. */
  | { kind: 'deploy again' }
  /** `place`: which of the revisions that are there, from the oldest; none is the previous one. */
  | { kind: 'undo'; place?: number }
  | { kind: 'scale'; replicas: number }
  | { kind: 'annotate'; change: string | null }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'restart'; at: string }
  /** One that is missing lets no pod be made. */
  | { kind: 'use a service account'; account: 'nobody' | 'default' }
  | { kind: 'delete a pod'; place: number }
  /** `orphaned`: the ReplicaSets stay, and are there when the next Deployment comes. */
  | { kind: 'delete and recreate'; orphaned: boolean; sketch: Sketch }
  | { kind: 'change the strategy'; strategy: Strategy }
  | { kind: 'limit the history'; limit: number }
) & {
  /** The next step comes once the controller has seen this one, while pods are still on their way. */
  hurried?: true;
};

export interface Sequence {
  seed: number;
  sketch: Sketch;
  steps: Step[];
}

/** A Deployment whose rollouts cannot time out within a test. */
const patientSeconds = 600;
const impatientSeconds = 2;

/** Does a rollout of it time out? */
export const isImpatient = ({ sketch, steps }: Sequence): boolean =>
  [sketch, ...steps.flatMap((step) => ('sketch' in step ? [step.sketch] : []))].some(
    ({ progressDeadlineSeconds }) => progressDeadlineSeconds === impatientSeconds,
  );

const strategies: Strategy[] = [
  { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
  { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
  { type: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 },
  { type: 'RollingUpdate', maxSurge: '50%', maxUnavailable: '50%' },
  { type: 'RollingUpdate', maxSurge: 2, maxUnavailable: 1 },
  { type: 'RollingUpdate', maxSurge: 0, maxUnavailable: '100%' },
  { type: 'RollingUpdate', maxSurge: '100%', maxUnavailable: 0 },
  { type: 'Recreate' },
];

interface Chance {
  /** 0 up to, not including, `limit`. */
  below: (limit: number) => number;
  oneOf: <T>(choices: readonly T[]) => T;
}

function chance(seed: number): Chance {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return { below, oneOf: (choices) => choices[below(choices.length)]! };
}

/** Few versions, so that old templates come back. */
const anyVersion = ({ below, oneOf }: Chance): Version => ({
  number: 1 + below(3),
  outcome: oneOf(['good', 'good', 'good', 'broken', 'crash', 'never-ready'] as const),
});

function anySketch(chances: Chance): Sketch {
  const { below, oneOf } = chances;
  return {
    version: { number: 1 + below(2), outcome: below(8) === 0 ? 'broken' : 'good' },
    replicas: below(10) === 0 ? 0 : 1 + below(4),
    strategy: oneOf(strategies),
    historyLimit: oneOf([10, 10, 10, 2, 1, 0]),
    progressDeadlineSeconds: below(12) === 0 ? impatientSeconds : patientSeconds,
    minReadySeconds: below(6) === 0 ? 1 : 0,
    ...(below(3) === 0 && { change: 'first' }),
  };
}

const restartedAt = (number: number): string => `2026-03-02T03:0${number}:00Z`;

type Maker = (chances: Chance, number: number, isPaused: boolean) => Step;

const makers: [weight: number, make: Maker][] = [
  [26, (c) => ({ kind: 'deploy', version: anyVersion(c) })],
  [5, (c) => ({ kind: 'configure', value: String(c.below(3)) })],
  [3, () => ({ kind: 'deploy again' })],
  [12, () => ({ kind: 'undo' })],
  [10, (c) => ({ kind: 'undo', place: c.below(4) })],
  [12, (c) => ({ kind: 'scale', replicas: c.below(6) })],
  [5, (c, number) => ({ kind: 'annotate', change: c.below(4) === 0 ? null : `change ${number}` })],
  [9, (_c, _number, isPaused) => ({ kind: isPaused ? 'resume' : 'pause' })],
  [5, (_c, number) => ({ kind: 'restart', at: restartedAt(number) })],
  [3, (c) => ({ kind: 'use a service account', account: c.oneOf(['nobody', 'default'] as const) })],
  [6, (c) => ({ kind: 'delete a pod', place: c.below(4) })],
  [4, (c) => ({ kind: 'delete and recreate', orphaned: c.below(2) === 0, sketch: anySketch(c) })],
  [6, (c) => ({ kind: 'change the strategy', strategy: c.oneOf(strategies) })],
  [4, (c) => ({ kind: 'limit the history', limit: c.oneOf([0, 1, 2, 10]) })],
];

const totalWeight = makers.reduce((sum, [weight]) => sum + weight, 0);

function anyStep(chances: Chance, number: number, isPaused: boolean): Step {
  let at = chances.below(totalWeight);
  for (const [weight, make] of makers) {
    if (at < weight) return make(chances, number, isPaused);
    at -= weight;
  }
  throw new Error('unreachable: the weights add up');
}

/**
 * One rollout begins before the last one has ended. Where every version is good and the history is kept whole it does not matter at rest
 * how far each had come; anywhere else it would be chance.
 */
function hurriedSequence(seed: number, chances: Chance): Sequence {
  const { below, oneOf } = chances;
  const good = (): Version => ({ number: 1 + below(3), outcome: 'good' });
  const strategy = oneOf(strategies.filter(({ type }) => type !== 'Recreate'));
  const sketch = { ...anySketch(chances), version: good(), replicas: 1 + below(4), strategy, historyLimit: 10 };
  const goodSteps: ((number: number) => Step)[] = [
    () => ({ kind: 'deploy', version: good() }),
    () => ({ kind: 'configure', value: String(below(3)) }),
    () => ({ kind: 'undo' }),
    (number) => ({ kind: 'restart', at: restartedAt(number) }),
  ];
  const count = 5 + below(4);
  const steps = Array.from({ length: count }, (_, index): Step => {
    const isLast = index === count - 1;
    return { ...oneOf(goodSteps)(index + 1), ...(!isLast && { hurried: true }) };
  });
  return { seed, sketch, steps };
}

/** Five to eight steps. */
export function sequenceOf(seed: number): Sequence {
  const chances = chance(seed);
  if (chances.below(10) === 0) return hurriedSequence(seed, chances);
  const sketch = anySketch(chances);
  const count = 5 + chances.below(4);
  const steps: Step[] = [];
  let isPaused = false;
  for (let number = 1; number <= count; number += 1) {
    const step = anyStep(chances, number, isPaused);
    if (step.kind === 'pause') isPaused = true;
    if (step.kind === 'resume' || step.kind === 'delete and recreate') isPaused = false;
    steps.push(step);
  }
  return { seed, sketch, steps };
}

export function described(step: Step | Sketch): string {
  if (!('kind' in step)) return `create ${JSON.stringify(step)}`;
  const { kind, ...rest } = step;
  return Object.keys(rest).length === 0 ? kind : `${kind} ${JSON.stringify(rest)}`;
}
