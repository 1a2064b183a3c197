/** Nobody saw the target run: then it is "not known", never "good". */
import type { Check } from '../check.ts';

export const ranWell: Check = ({ to }) =>
  to === undefined || to.ranWellMinutes !== undefined
    ? []
    : [
        {
          check: 'ran-well',
          grade: 'unchecked',
          text: `Whether ${to.version} ran well is not known: the bot did not see it run.`,
        },
      ];
