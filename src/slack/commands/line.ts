/**
 * A typed line cut into words, as a phone delivers it: dashes become one character, quotes turn smart, backticks are pasted along.
 * Each word keeps its place in the line, so that a reason is cut out of the original text and never put together again.
 */

export interface Word {
  /** As typed. */
  raw: string;
  /** Lower case, straight dashes, without the quotes and commas around it: what is compared with names. */
  name: string;
  /** Index of `raw` in the line. */
  start: number;
  end: number;
}

const DASHES = /[‐‑‒–—―−]/g;
const AROUND = /^["'`“”„‘’«»<(]+|["'`“”„‘’«»>),;]+$/g;

export function words(line: string): Word[] {
  return [...line.matchAll(/\S+/g)].map((match) => ({
    raw: match[0],
    name: match[0].replace(DASHES, '-').replace(AROUND, '').toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

export interface Flag {
  /** Without dashes: "to", "dry-run". */
  flag: string;
  /** What stands behind "=" or ":" in the same word, as typed. */
  value?: string;
}

/** `--to`, `—to`, `–to`, `--to=41`; undefined when the word is no flag. A dash alone is none. */
export function asFlag(word: Word): Flag | undefined {
  const match = /^[-‐‑‒–—―−]+([a-z][^=:]*)(?:[=:](.+))?$/i.exec(word.raw.replace(AROUND, ''));
  if (match?.[1] === undefined) return undefined;
  const flag = match[1].replace(DASHES, '-').toLowerCase();
  return { flag, ...(match[2] === undefined ? {} : { value: match[2] }) };
}

/** The text between two places, without the quotes that stand around the whole of it. */
export function quoted(text: string): string {
  const trimmed = text.trim();
  return /^["“”„«](?<inside>[^"“”„«»]*)["“”»]$/.exec(trimmed)?.groups?.['inside']?.trim() ?? trimmed;
}
