/** What a typed word can mean: environments and services by name, alias, or (services) a unique beginning; and near misses. */
import type { Catalogue } from '#catalogue/catalogue.ts';

/** English words that begin a service's name by accident: "production not working" names no notification-service. */
const PROSE = new Set(
  'all and any app are but can con for had has its not off one our out pro the too was who why'.split(' '),
);
const SHORTEST_PREFIX = 3;

export interface Names {
  environment(word: string): string | undefined;
  /** Whole name or alias. */
  service(word: string): string | undefined;
  /** What a beginning could mean: services, and environments that begin so too ("produ"). One entry: it is unique. */
  beginning(word: string): string[];
  /** The nearest name of that kind, when a slip of the finger can explain the difference. */
  nearest(word: string, kind: 'environment' | 'service'): string | undefined;
  environments: string[];
  services: string[];
}

type Entry = [string, { aliases: readonly string[] }];

const spelled = ([key, { aliases }]: Entry): [string, string][] => [key, ...aliases].map((name) => [name, key]);

/** Edits from one word to another; two neighbours swapped are one edit. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      next.push(edits);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Slips allowed in a name of this length. Short names are too near to ordinary words: "stale" is no "stage". */
const slips = (length: number): number => (length < 7 ? 0 : length < 9 ? 1 : 2);

const letters = (word: string): string => word.split('').toSorted().join('');
const sameLetters = (a: string, b: string): boolean => letters(a) === letters(b);

/** Edits between what was typed and a name, when a slip explains them. Swapped letters are a slip in any name ("prdo", "auht"). */
function near(word: string, name: string): number | undefined {
  if (word.length < 4) return undefined;
  const edits = distance(word, name);
  if (edits <= slips(name.length)) return edits;
  const beginning = name.split('-')[0] ?? name;
  const swapped = distance(word, beginning);
  return swapped === 1 && sameLetters(word, beginning) ? swapped : undefined;
}

export function namesOf(catalogue: Catalogue): Names {
  const environments = new Map(Object.entries(catalogue.environments).flatMap(spelled));
  const services = new Map(Object.entries(catalogue.services).flatMap(spelled));
  return {
    environments: Object.keys(catalogue.environments),
    services: Object.keys(catalogue.services),
    environment: (word) => environments.get(word),
    service: (word) => services.get(word),
    beginning(word) {
      if (word.length < SHORTEST_PREFIX || PROSE.has(word)) return [];
      const keys = (names: Map<string, string>, fits: (name: string) => boolean): string[] => [
        ...new Set([...names].filter(([name]) => fits(name)).map(([, key]) => key)),
      ];
      const firstPart = keys(services, (name) => name.startsWith(`${word}-`));
      if (firstPart.length === 1) return firstPart;
      const begins = (name: string): boolean => name.startsWith(word);
      const found = keys(services, begins);
      return found.length === 0 ? [] : [...found, ...keys(environments, begins)];
    },
    nearest(word, kind) {
      const known = kind === 'environment' ? environments : services;
      const found = [...known].flatMap(([name, key]) => {
        const edits = near(word, name);
        return edits === undefined ? [] : [{ key, edits }];
      });
      return found.toSorted((a, b) => a.edits - b.edits)[0]?.key;
    },
  };
}
