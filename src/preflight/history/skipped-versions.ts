/** Why the default target is not the version just before: the ones between were left. */
import { type Check, leftText } from '../check.ts';

export const skippedVersions: Check = ({ skipped, isChosen, to, nowMs }) => {
  if (to === undefined || isChosen || !skipped.known) return [];
  return skipped.value.map((mark) => ({
    check: 'skipped-versions',
    grade: 'note' as const,
    text: `${mark.version} was passed over: it was ${leftText(mark, nowMs)}.`,
  }));
};
