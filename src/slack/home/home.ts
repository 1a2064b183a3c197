/** App Home: what is running, what was, the button that opens the form, and the line to type. */
import type { HomeView } from '@slack/types';
import { actions, context, divider, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { helpText } from '../commands/help.ts';
import { isRunning, rollbackLine } from '../commands/status.ts';
import type { Room } from '../room.ts';

export const HOME_OPEN = 'rollback.home_open';

const RECENT = 10;

/** `rollbacks`: newest first. `now`: ms. */
export function homeView(
  rollbacks: readonly Rollback[],
  isFresh: boolean,
  catalogue: Catalogue,
  now: number,
): HomeView {
  const running = rollbacks.filter(isRunning);
  const ended = rollbacks.filter((rollback) => !isRunning(rollback)).slice(0, RECENT);
  const line = (rollback: Rollback): string => `• ${rollbackLine(rollback, now)}`;
  return {
    type: 'home',
    blocks: [
      ...actions('home', [
        button({ id: HOME_OPEN, text: 'Roll back…', style: 'primary', label: 'Open the rollback form' }),
      ]),
      ...(isFresh ? [] : [section(':warning: The API server has not answered for a while: this may be out of date.')]),
      section(running.length === 0 ? 'No rollback is running.' : ['*Running*', ...running.map(line)].join('\n')),
      ...(ended.length === 0 ? [] : [section(['*Before*', ...ended.map(line)].join('\n'))]),
      divider,
      section(helpText(catalogue)),
      context('As of the moment you opened this tab.'),
    ],
  };
}

export async function showHome(room: Room, user: string): Promise<void> {
  const { rollbacks, catalogue, clock, slack } = room;
  const view = homeView(rollbacks.list(), rollbacks.isFresh(), catalogue, clock.now());
  await slack.interactive.views.publish({ user_id: user, view });
}
