/** A difference as text: what was done, and what each plane then showed, line beside line. */
import type { Leaves } from './leaves.ts';
import type { Difference, Sight } from './rehearsal.ts';
import { described } from './sequence.ts';

const columnWidth = 90;
const cell = (text: string): string => text.padEnd(columnWidth);

const allLines = (sight: Sight | undefined): Leaves =>
  sight ? { answer: sight.answer, ...sight.lines, ...(sight.events && { events: sight.events.join(', ') }) } : {};

/** Only the lines that differ: equal ones would hide them. */
function sideBySide(simulated: Sight | undefined, real: Sight | undefined): string[] {
  const [left, right] = [allLines(simulated), allLines(real)];
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
