/** Runs a sequence on both planes, looks at both at rest after each step, and tells the first difference. */
import { isDeepStrictEqual } from 'node:util';
import type { Api } from '#clients/kubernetes/api.ts';
import { perform } from './deed.ts';
import { isCompared } from './differences.ts';
import { type Plane, Restless } from './plane.ts';
import { realPlane } from './real-plane.ts';
import { unrest } from './rest.ts';
import type { Sequence, Sketch, Step } from './sequence.ts';
import { simulatedPlane } from './simulated-plane.ts';
import { seenEvents, type View, viewOf } from './view.ts';

/** What was seen after a step. */
interface Sight {
  answer: string;
  view: View;
  events: string[];
}

export interface Difference {
  sequence: Sequence;
  /** 0 is the creation. */
  step: number;
  simulated: Sight | undefined;
  real: Sight | undefined;
}

async function seenAfter(step: Step | Sketch, plane: Plane, expected: readonly string[] | undefined): Promise<Sight> {
  const answer = await perform(step, plane.hands);
  try {
    const objects = await plane.until(unrest);
    const events = await plane.events(
      (told) => expected === undefined || isDeepStrictEqual(seenEvents(told.filter(isCompared)), expected),
    );
    return { answer, view: viewOf(objects), events: seenEvents(events.filter(isCompared)) };
  } catch (error) {
    if (!(error instanceof Restless)) throw error;
    return { answer, view: { restless: error.message }, events: [] };
  }
}

async function simulatedSights({ seed, sketch, steps }: Sequence): Promise<Sight[]> {
  const plane = await simulatedPlane(seed);
  const sights: Sight[] = [];
  try {
    for (const step of [sketch, ...steps]) sights.push(await seenAfter(step, plane, undefined));
    return sights;
  } finally {
    await plane.close();
  }
}

/** The first step after which the planes look different. */
export async function firstDifference(connection: Api, sequence: Sequence): Promise<Difference | undefined> {
  const expected = await simulatedSights(sequence);
  const plane = await realPlane(connection, sequence.seed);
  try {
    for (const [index, step] of [sequence.sketch, ...sequence.steps].entries()) {
      const simulated = expected[index];
      const real = await seenAfter(step, plane, simulated?.events);
      if (!isDeepStrictEqual(simulated, real)) return { sequence, step: index, simulated, real };
    }
    return undefined;
  } finally {
    await plane.close();
  }
}

/** Drops what is not needed for a difference: all shorter sequences at once, then those of the first that still differs, and so on. */
export async function shrunk(connection: Api, difference: Difference): Promise<Difference> {
  const { sequence, step } = difference;
  const needed = sequence.steps.slice(0, step);
  const shorter = needed.slice(0, -1).map((_, index) => ({ ...sequence, steps: needed.toSpliced(index, 1) }));
  const found = await Promise.all(shorter.map((one) => firstDifference(connection, one)));
  const smaller = found.find((one) => one !== undefined);
  return smaller ? shrunk(connection, smaller) : { ...difference, sequence: { ...sequence, steps: needed } };
}
