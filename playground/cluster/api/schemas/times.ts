/** Times in bodies, read as Go reads them and written as Kubernetes writes them: UTC, whole seconds, or microseconds in a MicroTime. */

type Part = [layout: string, pattern: RegExp];

const TWO = /^\d\d/;
const DATE: Part[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', TWO],
  ['-', /^-/],
  ['02', TWO],
  ['T', /^T/],
  ['15', TWO],
  [':', /^:/],
  ['04', TWO],
  [':', /^:/],
];
const ZONE: Part = ['Z07:00', /^(Z|[+-]\d\d:\d\d)/];
// Go takes a fraction after the seconds although the layout has none.
const SECONDS: Part[] = [...DATE, ['05', /^\d\d(\.\d+)?/], ZONE];
const MICROSECONDS: Part[] = [...DATE, ['05', TWO], ['.000000', /^\.\d{6}/], ZONE];

/** The text is no time; the message is Go's. */
export class TimeError extends Error {
  override name = 'TimeError';
}

/** Throws TimeError. */
export function normalisedTime(text: string, isMicro: boolean): string {
  const parts = isMicro ? MICROSECONDS : SECONDS;
  const layout = parts.map(([part]) => part).join('');
  let rest = text;
  for (const [part, pattern] of parts) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) {
      const shown = [text, layout, rest, part].map((t) => JSON.stringify(t));
      throw new TimeError(`parsing time ${shown[0]} as ${shown[1]}: cannot parse ${shown[2]} as ${shown[3]}`);
    }
    rest = rest.slice(found.length);
  }
  if (rest !== '') throw new TimeError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`);
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const atMs = Date.parse(text);
  if (month < 1 || month > 12) throw new TimeError(`parsing time ${JSON.stringify(text)}: month out of range`);
  if (Number.isNaN(atMs) || day > 31) throw new TimeError(`parsing time ${JSON.stringify(text)}: day out of range`);
  const seconds = new Date(atMs).toISOString().slice(0, 19);
  return isMicro ? `${seconds}${/\.\d{6}/.exec(text)?.[0] ?? ''}Z` : `${seconds}Z`;
}
