import { confirmLimits } from '../limits.ts';
import { byType, flag, oneOf, shape, text } from './rule.ts';
import type { Rule } from './rule.ts';

const type = (name: string): Rule => oneOf(name);

export function plainText(max: number): Rule {
  return shape({ type: type('plain_text'), text: text(max) }, { emoji: flag });
}

export function anyText(max: number): Rule {
  return byType({
    plain_text: plainText(max),
    mrkdwn: shape({ type: type('mrkdwn'), text: text(max) }, { verbatim: flag }),
  });
}

export const confirmDialog: Rule = shape(
  { title: plainText(confirmLimits.title), text: anyText(confirmLimits.text) },
  {
    confirm: plainText(confirmLimits.button),
    deny: plainText(confirmLimits.button),
    style: oneOf('primary', 'danger'),
  },
);
