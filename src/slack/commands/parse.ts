/**
 * `/rollback …` read by the rules of design §7. Pure: line and catalogue in, meaning out. The head of the line is names and flags in any
 * order; where it ends the reason begins, kept whole and as typed. When a word could widen the rollback or be the reason, it is the
 * reason: the form shows how the line was read, and adding a service there is one tap.
 */
import type { Catalogue } from '#catalogue/catalogue.ts';
import { asFlag, quoted, words, type Word } from './line.ts';
import { namesOf, type Names } from './names.ts';
import { readHead, type Head } from './head.ts';
import { unknownName } from './unknown.ts';

export interface OpenCommand {
  kind: 'open';
  environment?: string;
  services: string[];
  /** `all` was typed and no service is named anywhere in the line. */
  fullSystem: boolean;
  /** Revision or version, as typed. */
  to?: string;
  dryRun: boolean;
  drill: boolean;
  /** As typed; absent when the line ends with its names. */
  reason?: string;
}

export type Command =
  | OpenCommand
  | { kind: 'history'; environment: string; service: string }
  | { kind: 'status'; environment?: string }
  | { kind: 'locks' }
  | { kind: 'help' }
  /** Nothing was opened. `instead`: the same line as it was probably meant. */
  | { kind: 'problem'; message: string; instead?: string };

export const MAX_REASON = 3000;

const problem = (message: string, instead?: string): Command => ({
  kind: 'problem',
  message,
  ...(instead === undefined ? {} : { instead }),
});

const list = (names: readonly string[]): string => names.join(', ');

function history(head: Head, names: Names): Command {
  const [service] = head.services;
  if (head.services.length > 1) return problem(`History is of one service. Named were ${list(head.services)}.`);
  if (service === undefined) return problem(`History of which service? Services: ${list(names.services)}.`);
  const { environment } = head;
  if (environment === undefined) {
    const example = names.environments[0] ?? '';
    return problem(
      `In which environment? Environments: ${list(names.environments)}.`,
      `/rollback history ${service} ${example}`,
    );
  }
  return { kind: 'history', environment, service };
}

/** Flags may stand behind the reason too: a `--dry-run` that was taken for prose would be a rollback nobody asked for. */
function takeTailFlags(tail: Word[], head: Head): Word[] {
  const rest: Word[] = [];
  for (let i = 0; i < tail.length; i++) {
    const word = tail[i];
    if (word === undefined) continue;
    const flag = asFlag(word);
    const value = flag?.value ?? tail[i + 1]?.raw;
    if (flag?.flag === 'dry-run') head.dryRun = true;
    else if (flag?.flag === 'drill') head.drill = true;
    else if (flag?.flag === 'to' && value !== undefined && /^(\d+|v?\d+\.\S+|[0-9a-f]{7,})$/i.test(value)) {
      head.to = value;
      if (flag.value === undefined) i++;
    } else rest.push(word);
  }
  return rest;
}

/** Whole where no flag was taken out of it; otherwise its pieces joined. */
function reasonText(line: string, rest: readonly Word[]): string {
  const [first, last] = [rest.at(0), rest.at(-1)];
  if (first === undefined || last === undefined) return '';
  const untouched = words(line.slice(first.start, last.end)).length === rest.length;
  return quoted(untouched ? line.slice(first.start, last.end) : rest.map(({ raw }) => raw).join(' '));
}

/** Where a second environment is all that follows, it is no reason but a doubt. */
function otherEnvironment(head: Head, rest: readonly Word[], names: Names): string | undefined {
  const [only, ...more] = rest;
  const named = only === undefined || more.length > 0 ? undefined : names.environment(only.name);
  return named === head.environment ? undefined : named;
}

function open(line: string, head: Head, names: Names): Command {
  const rest = takeTailFlags(head.tail, head);
  const other = otherEnvironment(head, rest, names);
  if (other !== undefined) return problem(`Two environments are named: ${head.environment} and ${other}. Name one.`);
  const { all } = head.services.length === 0 ? head : {};
  const fullSystem = all !== undefined && !rest.some(({ name }) => names.service(name) !== undefined);
  const reason = reasonText(line, all === undefined || fullSystem ? rest : [all, ...rest]).slice(0, MAX_REASON);
  if (head.to !== undefined && (fullSystem || head.services.length > 1)) {
    const example = [head.services[0] ?? names.services[0] ?? '', head.environment ?? names.environments[0] ?? ''];
    return problem(
      '--to picks one version, so it goes with one service only.',
      `/rollback ${example.join(' ')} --to ${head.to}`,
    );
  }
  return {
    kind: 'open',
    ...(head.environment === undefined ? {} : { environment: head.environment }),
    services: head.services,
    fullSystem,
    ...(head.to === undefined ? {} : { to: head.to }),
    dryRun: head.dryRun,
    drill: head.drill,
    ...(reason === '' ? {} : { reason }),
  };
}

const WORDS = new Set(['history', 'status', 'locks', 'help', '?']);

/** Reads the text behind `/rollback`. `asTyped`: the person said that the odd word is no slip but the reason. */
export function parseCommand(text: string, catalogue: Catalogue, { asTyped = false } = {}): Command {
  const names = namesOf(catalogue);
  const all = words(text);
  const verb = WORDS.has(all[0]?.name ?? '') ? all[0]?.name : undefined;
  if (verb === 'help' || verb === '?') return { kind: 'help' };
  if (verb === 'locks') return { kind: 'locks' };
  const head = readHead(verb === undefined ? all : all.slice(1), names);
  if (head.problem !== undefined) return problem(head.problem);
  const unknown = asTyped ? undefined : unknownName(text, head, names, verb);
  if (unknown !== undefined) return problem(unknown.message, unknown.instead);
  if (verb === 'status') {
    return { kind: 'status', ...(head.environment === undefined ? {} : { environment: head.environment }) };
  }
  const asksHistory = verb === 'history' || (head.tail.length === 1 && head.tail[0]?.name === 'history');
  return asksHistory ? history(head, names) : open(text, head, names);
}
