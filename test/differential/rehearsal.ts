/** Runs a sequence on both planes, looks at both at rest after each step, and tells the first difference. */
import { isDeepStrictEqual } from 'node:util';
import { perform } from './deed.ts';
import { comparedLines, differingLines, endsSequence, isCompared } from './differences.ts';
import { type Leaves, leavesOf } from './leaves.ts';
import { type Plane, Restless } from './plane.ts';
import { realPlane } from './real-plane.ts';
import { type Objects, unrest, unseen } from './rest.ts';
import type { Sequence, Sketch, Step } from './sequence.ts';
import { simulatedPlane } from './simulated-plane.ts';
import { type SeenEvent, seenEvents, viewOf } from './view.ts';

/** What was seen after a step. */
export interface Sight {
  answer: string;
  lines: Leaves;
  /** After the last step. */
  events?: string[];
}

export interface Difference {
  sequence: Sequence;
  /** 0 is the creation. */
  step: number;
  simulated: Sight | undefined;
  real: Sight | undefined;
}

async function seenAfter(step: Step | Sketch, plane: Plane): Promise<Sight> {
  const answer = await perform(step, plane.hands);
  const isHurried = 'hurried' in step && step.hurried;
  const linesOf = (objects: Objects): Leaves => comparedLines(leavesOf(viewOf(objects)));
  try {
    if (!isHurried) return { answer, lines: linesOf(await plane.until(unrest)) };
    await plane.untilOnce(unseen);
    return { answer, lines: {} };
  } catch (error) {
    if (!(error instanceof Restless)) throw error;
    return { answer, lines: { ...linesOf(error.objects), 'not at rest': error.message } };
  }
}

/** Told by then are all of the sequence, so one look at the end shows what each step told. */
async function eventsOf(plane: Plane, expected?: readonly string[]): Promise<string[]> {
  const seen = (told: readonly SeenEvent[]): string[] => seenEvents(told.filter(isCompared));
  return seen(await plane.events((told) => expected === undefined || isDeepStrictEqual(seen(told), expected)));
}

export async function simulatedSights({ seed, sketch, steps }: Sequence): Promise<Sight[]> {
  const plane = await simulatedPlane(seed);
  const sights: Sight[] = [];
  try {
    for (const step of [sketch, ...steps]) sights.push(await seenAfter(step, plane));
    const last = sights.at(-1)!;
    return [...sights.slice(0, -1), { ...last, events: await eventsOf(plane) }];
  } finally {
    await plane.close();
  }
}

const isSame = (simulated: Sight | undefined, real: Sight): boolean =>
  simulated?.answer === real.answer &&
  isDeepStrictEqual(simulated.events, real.events) &&
  differingLines(simulated.lines, real.lines).length === 0;

/** The first step after which the planes look different. */
export async function firstDifference(sequence: Sequence): Promise<Difference | undefined> {
  const expected = await simulatedSights(sequence);
  const plane = await realPlane(sequence.seed);
  try {
    for (const [index, step] of [sequence.sketch, ...sequence.steps].entries()) {
      const simulated = expected[index];
      const seen = await seenAfter(step, plane);
      const { events } = simulated ?? {};
      const real = events === undefined ? seen : { ...seen, events: await eventsOf(plane, events) };
      if (isSame(simulated, real)) continue;
      if (simulated && endsSequence(simulated.lines, real.lines)) return undefined;
      return { sequence, step: index, simulated, real };
    }
    return undefined;
  } finally {
    await plane.close();
  }
}

/** Drops what is not needed for a difference: all shorter sequences at once, then those of the first that still differs, and so on. */
export async function shrunk(difference: Difference): Promise<Difference> {
  const { sequence, step } = difference;
  const needed = sequence.steps.slice(0, step);
  const shorter = needed.slice(0, -1).map((_, index) => ({ ...sequence, steps: needed.toSpliced(index, 1) }));
  const found = await Promise.all(shorter.map((one) => firstDifference(one)));
  const smaller = found.find((one) => one !== undefined);
  return smaller ? shrunk(smaller) : { ...difference, sequence: { ...sequence, steps: needed } };
}
