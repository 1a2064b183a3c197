/** The target itself was rolled back from: an undo of an undo is how a second incident begins. */
import { type Check, leftText } from '../check.ts';

export const leftBefore: Check = ({ left, to, nowMs }) => {
  if (to === undefined) return [];
  if (!left.known) {
    const text = `Whether ${to.version} was rolled back from before: not checked (${left.why}).`;
    return [{ check: 'left-before', grade: 'unchecked', text }];
  }
  if (left.value === undefined) return [];
  return [
    {
      check: 'left-before',
      grade: 'warning',
      text: `${to.version} was itself ${leftText(left.value, nowMs)}.`,
      cure: 'Choose a version that ran well, unless you know that it was not to blame.',
    },
  ];
};
