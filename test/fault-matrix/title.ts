/** Titles as a test file has them, and what they become when the tests run. Pure. */

/** `%s`, `%i`, `$name` and `${…}` of a title stand for any words. */
const PLACEHOLDER = /%[a-zA-Z#]|\$\{[^}]*\}|\$[a-z]\w*/;

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** What matches the titles that this one becomes. */
export function becomes(title: string): RegExp {
  return new RegExp(`^${title.split(PLACEHOLDER).map(escaped).join('.*')}$`, 's');
}

/** How often a source file gives this very title to a test. */
export function occurrences(source: string, title: string): number {
  const quoted = ["'", '"', '`'].map((quote) => `${quote}${title}${quote}`);
  return quoted.reduce((sum, text) => sum + source.split(text).length - 1, 0);
}
