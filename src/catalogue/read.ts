/** Reading `catalogue.yaml`: one sentence per fault, each naming the path and what was expected. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { Catalogue } from './catalogue.ts';
import { collisions } from './collisions.ts';

/** The catalogue cannot be used. `faults` are sentences for whoever installs the bot. */
export class CatalogueError extends Error {
  override name = 'CatalogueError';
  readonly faults: readonly string[];
  constructor(source: string, faults: readonly string[]) {
    super([`${source} cannot be used:`, ...faults.map((text) => `  - ${text}`)].join('\n'));
    this.faults = faults;
  }
}

function path(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function fault(issue: z.core.$ZodIssue): string {
  const at = path(issue.path) || 'the file';
  if (issue.code === 'unrecognized_keys') return `${at}: unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_format' || issue.code === 'invalid_key') return `${at}: expected ${issue.message}`;
  return `${at}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

/** Parses and checks the text of a catalogue. Throws CatalogueError with every fault found. */
export function parseCatalogue(text: string, source = 'catalogue.yaml'): Catalogue {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    throw new CatalogueError(source, [(error as Error).message.split('\n')[0] ?? 'not YAML']);
  }
  const result = Catalogue.safeParse(raw);
  if (!result.success) throw new CatalogueError(source, result.error.issues.map(fault));
  const clashes = collisions(result.data);
  if (clashes.length > 0) throw new CatalogueError(source, clashes);
  return result.data;
}

/** Reads the file. Throws CatalogueError also when it cannot be read. */
export function readCatalogue(file: string): Catalogue {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CatalogueError(file, [`cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`]);
  }
  return parseCatalogue(text, file);
}
