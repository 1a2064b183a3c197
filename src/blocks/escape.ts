/**
 * Text of people, pods and commits made safe for mrkdwn (slack.md §10). Escaping `&`, `<` and `>` takes the power from `<!channel>`, `<@U…>`
 * and disguised links; the builders' `verbatim` takes it from a bare @here. Cut after escaping, by code points, never inside an entity or
 * one of our own `<…>` sequences.
 */
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const URL_MAX = 3000;

/** Safe to stand in mrkdwn. */
export function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** On one line, so that nobody's text can look like a line of ours. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** How many code points: Slack counts these. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** At most `max` code points, "…" at the end when something was left out. For text that is escaped already, or is no mrkdwn. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  if (points.length <= max) return text;
  const kept = points.slice(0, Math.max(0, max - 1)).join('');
  return `${kept.replace(/&[a-z]{0,4}$/, '').replace(/<[^>]*$/, '')}…`;
}

/** Somebody's words inside a line of ours: on one line, escaped, then cut. */
export function inline(text: string, max = 300): string {
  return cut(escape(oneLine(text)), max);
}

/** Like `inline`; web addresses become links that show where they lead. */
export function inlineWithLinks(text: string, max = 300): string {
  const parts = oneLine(text).split(/(https?:\/\/[^\s<>|"`]*[^\s<>|"`.,;:!?)\]'*_~])/);
  return cut(parts.map((part, i) => (i % 2 === 1 ? `<${escape(part)}>` : escape(part))).join(''), max);
}

/** `<url|text>` for http(s); anything else is no link, and the text stands alone. */
export function link(url: string | undefined, text: string): string {
  const label = inline(text.replaceAll('|', '/'));
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return label;
  const address = new URL(url).href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E');
  return address.length > URL_MAX ? label : `<${escape(address)}|${label}>`;
}

/** A pre-formatted block; back ticks inside cannot end it. */
export function preformatted(text: string, max = 2900): string {
  return `\`\`\`\n${cut(escape(text.replaceAll('`', "'")), max)}\n\`\`\``;
}

/** Quoted as code on one line; back ticks inside cannot end it. */
export function code(text: string, max = 300): string {
  const inside = inline(text.replaceAll('`', "'"), max);
  return inside === '' ? '' : `\`${inside}\``;
}
