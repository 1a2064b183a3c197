/** Nobody saw the target run, or not for long: then it is "not known", never "good". */
import type { Check } from '../check.ts';

const minutes = (count: number): string => `${count} ${count === 1 ? 'minute' : 'minutes'}`;

export const ranWell: Check = ({ to, isChosen, knownGoodMinutes }) => {
  if (to === undefined) return [];
  const { version, ranWellMinutes } = to;
  if (ranWellMinutes === undefined) {
    const text = `Whether ${version} ran well is not known: the bot did not see it run.`;
    return [{ check: 'ran-well', grade: 'unchecked', text }];
  }
  if (ranWellMinutes >= knownGoodMinutes) return [];
  const others = isChosen ? '' : ` Nothing better is known: no earlier version ran for ${minutes(knownGoodMinutes)}.`;
  const text = `Whether ${version} ran well is hardly known: the bot saw it run for ${minutes(ranWellMinutes)} only.${others}`;
  return [{ check: 'ran-well', grade: 'unchecked', text }];
};
