/** The whole reason as a reply, when it was too long for its line in INITIATED: a pasted alert or log is not lost. */
import { sections } from '#blocks/blocks.ts';
import { escape, inlineWithLinks, lengthOf } from '#blocks/escape.ts';
import { reasonText } from '#rollback/reason.ts';
import { REASON_MAX } from '../channel/initiated.ts';
import { environment, name, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { reply } from '../slots.ts';

export function reason(rollback: Told): Slot[] {
  const whole = reasonText(rollback.spec.reason);
  if (lengthOf(inlineWithLinks(whole, Infinity)) <= REASON_MAX) return [];
  const by = name(rollback.spec.requestedBy);
  const lines = whole.split('\n').map((line) => (line.trim() === '' ? ' ' : `> ${escape(line)}`));
  return [
    reply(rollback, {
      key: 'reason',
      text: `The whole reason that ${by} gave for the rollback in ${environment(rollback)}.`,
      blocks: sections([`The whole reason, as ${by} gave it:`, ...lines]),
      urgency: 'progress',
    }),
  ];
}
