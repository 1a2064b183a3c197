/** Label selectors as text, `tier in (front,back),!old,app=web`: read, checked and refused in the API server's words. */
import { badRequest } from './status.ts';

type Operator = 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

interface Requirement {
  key: string;
  operator: Operator;
  values: string[];
}

const TOKEN = /\s*([!=]=|[(),=!<>]|[^\s(),=!<>]+)\s*/y;
const SYMBOLS = new Set(['(', ')', ',', '=', '==', '!=', '!', '<', '>']);
const OPERATORS: Record<string, Operator> = {
  in: 'in',
  notin: 'notin',
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '>': 'gt',
  '<': 'lt',
};
const PREFIX = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** What the server says of a part that does not fit; `requirement` wraps it where it does. */
class Misfit extends Error {
  override name = 'Misfit';
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) tokens.push(found[1]!);
  return tokens;
}

function checkKey(key: string): void {
  const [name = '', prefix] = key.split('/').toReversed();
  if (NAME.test(name) && name.length <= 63 && (prefix === undefined || PREFIX.test(prefix))) return;
  throw new Misfit(
    `<nil>: Invalid value: ${JSON.stringify(key)}: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  );
}

function checkValues({ key, operator, values }: Requirement): void {
  values.forEach((value, index) => {
    if ((operator === 'gt' || operator === 'lt') && !/^-?\d+$/.test(value)) {
      const why = "for 'Gt', 'Lt' operators, the value must be an integer";
      throw new Misfit(`values[${index}]: Invalid value: ${JSON.stringify(value)}: ${why}`);
    }
    if (VALUE.test(value)) return;
    throw new Misfit(
      `values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    );
  });
}

class Reader {
  readonly #tokens: string[];

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  /** '' at the end. */
  next(): string {
    return this.#tokens[0] ?? '';
  }

  take(): string {
    return this.#tokens.shift() ?? '';
  }

  isWord(): boolean {
    return this.next() !== '' && !SYMBOLS.has(this.next());
  }

  word(): string {
    if (!this.isWord()) throw new Misfit(`found '${this.next()}', expected: identifier`);
    return this.take();
  }

  /** `(a,b)`; a comma with nothing beside it stands for an empty value. */
  list(): string[] {
    if (this.next() !== '(') throw new Misfit(`found '${this.next()}' expected: '('`);
    this.take();
    const values = [this.isWord() ? this.take() : ''];
    while (this.next() === ',') {
      this.take();
      values.push(this.isWord() ? this.take() : '');
    }
    if (this.next() !== ')') throw new Misfit(`found '${this.next()}', expected: ')'`);
    this.take();
    return values;
  }

  requirement(): Requirement {
    const isAbsent = this.next() === '!';
    if (isAbsent) this.take();
    const key = this.word();
    checkKey(key);
    if (isAbsent) return { key, operator: '!', values: [] };
    if (this.next() === '' || this.next() === ',') return { key, operator: 'exists', values: [] };
    const sign = this.next();
    const operator = OPERATORS[sign];
    if (operator === undefined) throw new Misfit(`found '${sign}', expected: in, notin, =, ==, !=, gt, lt`);
    this.take();
    const isList = sign === 'in' || sign === 'notin';
    const isEmpty = !isList && (this.next() === '' || this.next() === ',');
    const requirement = { key, operator, values: isList ? this.list() : [isEmpty ? '' : this.word()] };
    checkValues(requirement);
    return requirement;
  }
}

/** Throws 400. */
function requirements(text: string): Requirement[] {
  const reader = new Reader(text);
  const found: Requirement[] = [];
  const mayBegin = (): boolean => reader.isWord() || reader.next() === '!';
  if (reader.next() !== '' && !mayBegin()) {
    throw badRequest(`found '${reader.next()}', expected: !, identifier, or 'end of string'`);
  }
  while (reader.next() !== '') {
    try {
      found.push(reader.requirement());
    } catch (error) {
      if (error instanceof Misfit) throw badRequest(`unable to parse requirement: ${error.message}`);
      throw error;
    }
    if (reader.next() === '') break;
    if (reader.next() !== ',') throw badRequest(`found '${reader.next()}', expected: ',' or 'end of string'`);
    reader.take();
    if (!mayBegin()) throw badRequest(`found '${reader.next()}', expected: identifier after ','`);
  }
  return found;
}

function holds({ key, operator, values }: Requirement, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

/** Throws 400. */
export function labelMatcher(text: string): (labels: Record<string, string>) => boolean {
  const wanted = requirements(text);
  return (labels) => wanted.every((requirement) => holds(requirement, labels));
}
