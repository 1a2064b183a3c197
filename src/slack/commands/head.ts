/** The head of the line: names and flags up to where the reason begins. */
import { asFlag, type Word } from './line.ts';
import type { Names } from './names.ts';

export interface Head {
  environment?: string;
  services: string[];
  /** The word `all`, wherever it stood in the head. */
  all?: Word;
  to?: string;
  dryRun: boolean;
  drill: boolean;
  /** From the first word that is neither name nor flag. */
  tail: Word[];
  problem?: string;
}

const BETWEEN_SERVICES = new Set(['', ',', 'and', '&', '+', 'service', 'services']);
const BEFORE_ENVIRONMENT = new Set(['in', 'on', '@', 'to', ...BETWEEN_SERVICES]);

interface Reading {
  head: Head;
  words: readonly Word[];
  names: Names;
  /** A service, then the environment: the list of services is closed. */
  closed: boolean;
}

/** Reads one flag; the number of words it took, 0 when it is none. */
function readFlag({ head, words }: Reading, at: number): number {
  const word = words[at];
  const flag = word === undefined ? undefined : asFlag(word);
  if (word === undefined || flag === undefined) return 0;
  if (flag.flag === 'dry-run') head.dryRun = true;
  else if (flag.flag === 'drill') head.drill = true;
  else if (flag.flag === 'to') {
    const value = flag.value ?? words[at + 1]?.raw;
    if (value === undefined) head.problem = '--to needs a revision or a version behind it: --to 41, or --to v1.4.2.';
    else head.to = value.replaceAll(/^["'`“”‘’]+|["'`“”‘’,]+$/g, '');
    return flag.value === undefined ? 2 : 1;
  } else head.problem = `--${flag.flag} is not known. There are --to, --dry-run and --drill.`;
  return 1;
}

/** Is there an environment behind the service names that follow? Then they are names and not the beginning of a reason. */
function leadsToEnvironment({ words, names }: Reading, from: number): boolean {
  for (const { name } of words.slice(from)) {
    if (names.environment(name) !== undefined) return true;
    const isName = names.service(name) !== undefined || names.beginning(name).length === 1;
    if (!isName && !BEFORE_ENVIRONMENT.has(name)) return false;
  }
  return false;
}

/** The service a word names here, if any. */
function serviceAt(reading: Reading, at: number): string | undefined {
  const { head, words, names, closed } = reading;
  const name = words[at]?.name ?? '';
  if (closed) return undefined;
  const whole = names.service(name);
  if (whole !== undefined) return whole;
  const beginning = names.beginning(name);
  if (beginning.length !== 1) return undefined;
  const mayBeProse =
    head.services.length > 0 && (head.environment !== undefined || !leadsToEnvironment(reading, at + 1));
  return mayBeProse ? undefined : beginning[0];
}

function readName(reading: Reading, at: number): boolean {
  const { head, words, names } = reading;
  const word = words[at];
  if (word === undefined) return false;
  const environment = names.environment(word.name);
  if (environment !== undefined) {
    if (head.environment !== undefined && head.services.length > 0) return false;
    if (head.environment !== undefined && head.environment !== environment) {
      head.problem = `Two environments are named: ${head.environment} and ${environment}. Name one.`;
    }
    head.environment = environment;
    if (head.services.length > 0) reading.closed = true;
    return true;
  }
  const service = serviceAt(reading, at);
  if (service !== undefined) {
    if (!head.services.includes(service)) head.services.push(service);
    return true;
  }
  if (word.name === 'all' && head.all === undefined && head.services.length === 0) {
    head.all = word;
    return true;
  }
  return false;
}

/** "and", "in" and the like count only between names. */
function isFiller(reading: Reading, at: number): boolean {
  const { head, words, names } = reading;
  const name = words[at]?.name ?? '';
  const next = words[at + 1]?.name;
  if (['service', 'services'].includes(name)) return !reading.closed && hasNames(head);
  if (next === undefined || !hasNames(head)) return false;
  if (BEFORE_ENVIRONMENT.has(name) && names.environment(next) !== undefined) return head.environment === undefined;
  return BETWEEN_SERVICES.has(name) && serviceAt(reading, at + 1) !== undefined;
}

const hasNames = (head: Head): boolean => head.services.length > 0 || head.all !== undefined;

export function readHead(words: readonly Word[], names: Names): Head {
  const head: Head = { services: [], dryRun: false, drill: false, tail: [] };
  const reading: Reading = { head, words, names, closed: false };
  let at = 0;
  while (at < words.length && head.problem === undefined) {
    const taken = readFlag(reading, at);
    if (taken > 0) at += taken;
    else if (readName(reading, at) || isFiller(reading, at)) at++;
    else break;
  }
  head.tail = words.slice(at);
  return head;
}
