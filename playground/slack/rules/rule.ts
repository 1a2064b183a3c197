/** Small rules that join into the shapes Slack accepts. A rule looks at a value and reports every way it is wrong, in Slack's wording. */
import type { Problem } from '../slack-error.ts';

export type Report = (problem: Problem) => void;
export type Rule = (value: unknown, at: string, report: Report) => void;
export type Fields = Record<string, unknown>;

/** Characters as Slack counts them. */
export const lengthOf = (words: string): number => Array.from(words).length;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(max: number, min = 1): Rule {
  return (value, at, report) => {
    if (typeof value !== 'string') return report({ at, message: 'must provide a string' });
    if (lengthOf(value) < min) report({ at, message: `must be more than ${min - 1} characters` });
    if (lengthOf(value) > max) report({ at, message: `must be less than ${max + 1} characters` });
  };
}

export const flag: Rule = (value, at, report) => {
  if (typeof value !== 'boolean') report({ at, message: 'must provide a boolean' });
};

export function integer(min: number, max: number): Rule {
  return (value, at, report) => {
    if (!Number.isInteger(value)) return report({ at, message: 'must provide an integer' });
    if ((value as number) < min) report({ at, message: `must be at least ${min}` });
    if ((value as number) > max) report({ at, message: `must be no more than ${max}` });
  };
}

export function oneOf(...values: string[]): Rule {
  return (value, at, report) => {
    if (!values.includes(value as string)) report({ at, message: `value must be one of ${values.join(', ')}` });
  };
}

export function listOf(rule: Rule, { min = 1, max }: { min?: number; max: number }): Rule {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report({ at, message: 'must provide an array' });
    if (value.length < min) report({ at, message: `no less than ${min} items allowed` });
    if (value.length > max) report({ at, message: `no more than ${max} items allowed` });
    for (const [index, item] of value.entries()) rule(item, `${at}/${index}`, report);
  };
}

/** An object with these fields and no others. */
export function shape(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  const known: Record<string, Rule> = { ...required, ...optional };
  return (value, at, report) => {
    if (!isFields(value)) return report({ at, message: 'must provide an object' });
    for (const name of Object.keys(required)) {
      if (isAbsent(value[name])) report({ at, message: `missing required field: ${name}` });
    }
    for (const [name, field] of Object.entries(value)) {
      const rule = known[name];
      if (!rule) report({ at, message: `invalid additional property: ${name}` });
      else if (!isAbsent(field)) rule(field, `${at}/${name}`, report);
    }
  };
}

/** Chooses the rule by `type`. */
export function byType(rules: Record<string, Rule>): Rule {
  return (value, at, report) => {
    if (!isFields(value)) return report({ at, message: 'must provide an object' });
    const rule = rules[String(value['type'])];
    if (!rule) return report({ at: `${at}/type`, message: `unsupported type: ${String(value['type'])}` });
    rule(value, at, report);
  };
}

/** All of them look at the same value. */
export function both(...rules: Rule[]): Rule {
  return (value, at, report) => {
    for (const rule of rules) rule(value, at, report);
  };
}

export const anything: Rule = () => undefined;

/** Exactly or at least one of these fields. */
export function atLeastOne(...names: string[]): Rule {
  return (value, at, report) => {
    if (isFields(value) && names.every((name) => isAbsent(value[name]))) {
      report({ at, message: `must define ${names.map((name) => `\`${name}\``).join(' or ')}` });
    }
  };
}

export function notBoth(a: string, b: string): Rule {
  return (value, at, report) => {
    if (isFields(value) && !isAbsent(value[a]) && !isAbsent(value[b])) {
      report({ at, message: `may not define both \`${a}\` and \`${b}\`` });
    }
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** All problems of a value under a rule. */
export function problemsOf(rule: Rule, value: unknown, at: string): Problem[] {
  const problems: Problem[] = [];
  rule(value, at, (problem) => problems.push(problem));
  return problems;
}
