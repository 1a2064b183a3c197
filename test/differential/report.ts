/** A difference as text: what was done, and what each plane then showed, line beside line. */
import type { Difference } from './rehearsal.ts';
import { described } from './sequence.ts';

const columnWidth = 90;

type Leaves = Map<string, string>;

function leavesOf(value: unknown, path = '', leaves: Leaves = new Map()): Leaves {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) leavesOf(inner, path === '' ? key : `${path}/${key}`, leaves);
  } else leaves.set(path, JSON.stringify(value) ?? 'undefined');
  return leaves;
}

const cell = (text: string): string => text.padEnd(columnWidth);

/** Only the lines that differ are marked and shown in full; equal ones would hide them. */
function sideBySide(simulated: unknown, real: unknown): string[] {
  const [left, right] = [leavesOf(simulated), leavesOf(real)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((path) => left.get(path) !== right.get(path))
    .map((path) => `${cell(`  ${path}: ${left.get(path) ?? '(nothing)'}`)} | ${right.get(path) ?? '(nothing)'}`);
}

export function reportOf({ sequence, step, simulated, real }: Difference): string {
  const { seed, sketch, steps } = sequence;
  return [
    `seed ${seed}: the planes differ after step ${step}. Again: DIFFERENTIAL_SEED=${seed}`,
    ...[sketch, ...steps].map((one, index) => `${index === step ? '>' : ' '} ${index}. ${described(one)}`),
    `${cell('  simulated')} | real`,
    ...sideBySide(simulated, real),
    '',
  ].join('\n');
}
