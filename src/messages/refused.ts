/** Ends before anything was touched: REFUSED, with why and what to do, and CANCELLED. */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { escape } from '#blocks/escape.ts';
import { ACTION_IDS, encodeButtonValue } from './action-ids.ts';
import { drill, mention, title, type Told } from './said.ts';
import type { Slot } from './slot.ts';

function asked({ spec }: Told): string {
  return spec.targets.map(({ service }) => escape(service)).join(', ');
}

export function refused(rollback: Told): Slot {
  const { status, metadata, spec } = rollback;
  const why = escape(status.message);
  const value = encodeButtonValue({ rollback: metadata.name });
  const environment = escape(status.plan.environment.name);
  return {
    key: 'root',
    channel: status.plan.environment.channel,
    text: `${drill(rollback)}Rollback REFUSED in ${environment}: ${asked(rollback)}. Nothing was touched. ${why}`,
    blocks: [
      section(
        `${title(rollback, 'REFUSED')}: ${asked(rollback)}. Nothing was touched. ${why} ${mention(rollback, spec.requestedBy)}`,
      ),
      ...actions('root', [
        button({ id: ACTION_IDS.seePlan, text: 'See new plan', value }),
        button({ id: ACTION_IDS.showCommands, text: 'Show commands', value }),
      ]),
    ],
    urgency: 'outcome',
  };
}

export function cancelled(rollback: Told): Slot {
  const text = `${title(rollback, 'CANCELLED')}: ${asked(rollback)}. ${escape(rollback.status.message)}`;
  return {
    key: 'root',
    channel: rollback.status.plan.environment.channel,
    text: text.replaceAll('*', ''),
    blocks: [section(text)],
    urgency: 'outcome',
  };
}
