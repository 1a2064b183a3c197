/** `/rollback help`: the lines a person types. */
import { escape } from '#blocks/escape.ts';
import type { Catalogue } from '#catalogue/catalogue.ts';

export const LOCKS =
  'Locks are not built yet: nothing keeps a deploy of a service from going out after a rollback. Pause its pipeline by hand: GitHub → Actions → the deploy workflow → “Disable workflow”.';

export function helpText(catalogue: Catalogue): string {
  const service =
    Object.keys(catalogue.services).find((name) => name.includes('auth')) ?? Object.keys(catalogue.services)[0] ?? '';
  const environments = Object.entries(catalogue.environments).map(([name, { aliases }]) =>
    aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`,
  );
  const production = Object.entries(catalogue.environments).find(([, { production: is }]) => is)?.[0] ?? 'production';
  const line = (text: string, means: string): string =>
    `• \`${escape(`/rollback ${text}`.trim())}\` — ${escape(means)}`;
  return [
    '*Nothing happens before you press the button in the form.*',
    line('', 'opens the form'),
    line(`${service} ${production}`, 'opens it filled in, with the plan'),
    line(`${service} ${production} all logins fail`, 'the rest of the line is the reason'),
    line(`${service} ${production} --to v1.4.2`, 'to that version or revision (one service)'),
    line(`all ${production}`, 'the full system'),
    line(`${service} ${production} --dry-run`, 'shows the plan, starts nothing'),
    line(`${service} staging --drill`, 'practice, not in production'),
    line(`history ${service} ${production}`, 'versions that still exist'),
    line('status', 'what is running'),
    `Services: ${escape(Object.keys(catalogue.services).join(', '))}. A unique beginning is enough.`,
    `Environments: ${escape(environments.join(', '))}.`,
    'In a thread Slack takes no commands: use the message shortcut “Roll back because of it”, or the shortcut “Roll back…”.',
  ].join('\n');
}
