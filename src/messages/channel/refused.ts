/** Ends without anything touched: REFUSED, with why and what to do next, and CANCELLED. */
import { actions, sections } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { inline } from '#blocks/escape.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { clause, environment, listed, mention, serviceName, title, type Told, wasDelayed } from '../said.ts';
import type { Slot } from '../slot.ts';
import { OUTCOME, post, ROOT } from '../slots.ts';

const WHY_MAX = 1500;

function asked({ spec }: Told): string {
  return listed(spec.targets.map(({ service }) => serviceName(service)));
}

/** Reasons say it themselves where they stand alone; here it stands before them. */
function saidOnce(reason: string): string {
  return reason.replaceAll(/(?:Not started, n|N)othing was touched\. ?/g, '').trim();
}

/** Per service where it was refused service by service; else the one reason for all. mrkdwn, escaped. */
export function whyRefused(status: Pick<RollbackStatus, 'targets' | 'message'>): string {
  const told = status.targets.filter(({ state, detail = '' }) => state === 'Refused' && detail !== '');
  const [only] = told;
  if (!only) return saidOnce(inline(status.message, WHY_MAX));
  if (new Set(told.map(({ detail }) => detail)).size === 1) return saidOnce(inline(only.detail ?? '', WHY_MAX));
  const each = told.map((t) => `${serviceName(t.service)}: ${clause(t.detail ?? '')}`);
  return saidOnce(`${listed(each, '; ', WHY_MAX)}.`);
}

/** A post of its own once a message of it stood in the channel: an edit would call nobody. */
export function refused(rollback: Told): Slot {
  const { status, metadata, spec } = rollback;
  const value = encodeButtonValue({ rollback: metadata.name });
  const key = status.startedAt === undefined && !wasDelayed(status) ? ROOT : OUTCOME;
  const said = `${asked(rollback)}. Nothing was touched. ${whyRefused(status)}`.trim();
  return post(rollback, {
    key,
    text: `Rollback REFUSED in ${environment(rollback)}: ${said}`,
    blocks: [
      ...sections([`${title(rollback, 'REFUSED')}: ${said} ${mention(rollback, spec.requestedBy)}`]),
      ...actions(key, [
        button({ id: ACTION_IDS.seePlan, text: 'See new plan', value, style: 'primary' }),
        button({ id: ACTION_IDS.showCommands, text: 'Show commands', value }),
      ]),
    ],
    urgency: 'outcome',
  });
}

/** Cancelled before it began: there is no INITIATED to edit. */
export function cancelled(rollback: Told): Slot {
  const said = `${asked(rollback)}. ${inline(rollback.status.message, WHY_MAX) || 'Nothing was touched.'}`;
  return post(rollback, {
    key: ROOT,
    text: `Rollback CANCELLED in ${environment(rollback)}: ${said}`,
    blocks: sections([`${title(rollback, 'CANCELLED')}: ${said}`]),
    urgency: 'outcome',
  });
}
