/**
 * Text of people, pods and commits made safe for mrkdwn: `&`, `<`, `>` escaped, which also takes the power from `<!channel>`, `<@U…>` and
 * links. Cut after escaping, by code points, never inside an entity (slack.md §10).
 */
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Safe to stand in mrkdwn. */
export function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** At most `max` code points, "…" at the end when something was left out. */
export function cut(text: string, max: number): string {
  const points = Array.from(text);
  if (points.length <= max) return text;
  return `${points
    .slice(0, max - 1)
    .join('')
    .replace(/&[a-z]{0,4}$/, '')}…`;
}

/** A pre-formatted block; back ticks inside cannot end it. */
export function preformatted(text: string, max = 2900): string {
  return `\`\`\`\n${cut(escape(text.replaceAll('```', "'''")), max)}\n\`\`\``;
}
