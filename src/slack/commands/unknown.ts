/** Words that were meant as a name and are none: "did you mean", or the list of what there is. */
import type { Head } from './head.ts';
import { words, type Word } from './line.ts';
import type { Names } from './names.ts';

export interface Unknown {
  message: string;
  instead?: string;
}

type Kind = 'environment' | 'service';

/** What people call environments elsewhere; behind a service such a word alone is no reason. */
const ENVIRONMENT_WORDS = new Set(
  'prod production live stage staging stg dev development test testing uat qa preprod pre-prod sandbox demo canary integration'.split(
    ' ',
  ),
);

function listed(names: readonly string[]): string {
  return names.join(', ');
}

function didYouMean(line: string, word: Word, kind: Kind, nearest: string): Unknown {
  const article = kind === 'environment' ? 'an environment' : 'a service';
  const instead = `/rollback ${line.slice(0, word.start)}${nearest}${line.slice(word.end)}`.trim();
  return { message: `“${word.raw}” is not ${article} here. Did you mean ${nearest}?`, instead };
}

function ambiguous(word: Word, candidates: readonly string[]): Unknown {
  return { message: `“${word.raw}” could be ${candidates.join(' or ')}. Type a little more of the name.` };
}

/** Behind the word stand only names: then it was meant as one, and not as the beginning of a reason. */
function namesFollow(rest: readonly Word[], names: Names): boolean {
  return rest.length > 0 && names.environment(rest[0]?.name ?? '') !== undefined;
}

function unknownService(line: string, head: Head, names: Names): Unknown | undefined {
  const [word, ...rest] = head.tail;
  if (word === undefined || head.all !== undefined) return undefined;
  const candidates = names.beginning(word.name);
  const meantAsName = namesFollow(rest, names) || rest.length === 0;
  if (candidates.length > 1 && (meantAsName || head.environment !== undefined)) return ambiguous(word, candidates);
  const nearest = names.nearest(word.name, 'service');
  if (nearest !== undefined) return didYouMean(line, word, 'service', nearest);
  if (!namesFollow(rest, names)) return undefined;
  return { message: `“${word.raw}” is not a service here. Services: ${listed(names.services)}.` };
}

function unknownEnvironment(line: string, head: Head, names: Names): Unknown | undefined {
  const [first, second] = head.tail;
  const word = ['in', 'on'].includes(first?.name ?? '') && second !== undefined ? second : first;
  if (word === undefined) return undefined;
  const nearest = names.nearest(word.name, 'environment');
  if (nearest !== undefined) return didYouMean(line, word, 'environment', nearest);
  if (!ENVIRONMENT_WORDS.has(word.name)) return undefined;
  return { message: `“${word.raw}” is not an environment here. Environments: ${listed(names.environments)}.` };
}

/** undefined: nothing in the line looks like a name that does not exist. */
export function unknownName(line: string, head: Head, names: Names, verb: string | undefined): Unknown | undefined {
  if (words(line).length === 0) return undefined;
  const needsService = head.services.length === 0 && verb !== 'status';
  const needsEnvironment = head.environment === undefined;
  const service = needsService ? unknownService(line, head, names) : undefined;
  if (service?.instead !== undefined) return service;
  const environment = needsEnvironment ? unknownEnvironment(line, head, names) : undefined;
  return environment ?? service;
}
