/** A difference as text: what was done, and what each plane then showed, line beside line. */
import { leavesOf } from './leaves.ts';
import type { Difference } from './rehearsal.ts';
import { described } from './sequence.ts';

const columnWidth = 90;
const cell = (text: string): string => text.padEnd(columnWidth);

/** Only the lines that differ: equal ones would hide them. */
function sideBySide(simulated: unknown, real: unknown): string[] {
  const [left, right] = [leavesOf(simulated), leavesOf(real)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((path) => left[path] !== right[path])
    .map((path) => `${cell(`  ${path}: ${left[path] ?? '(nothing)'}`)} | ${right[path] ?? '(nothing)'}`);
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
