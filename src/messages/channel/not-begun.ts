/** ROLLBACK NOT BEGUN YET: asked for, and the bot cannot plan it. Whoever asked is called, once, with the way by hand. */
import { actions, section, sections } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { cut, inline, inlineWithLinks, preformatted } from '#blocks/escape.ts';
import { timeForReader } from '#blocks/time.ts';
import { trueCondition } from '#rollback/conditions.ts';
import { START_WITHIN_MS } from '#rollback/decide.ts';
import { reasonText } from '#rollback/reason.ts';
import type { Condition } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from '../action-ids.ts';
import { undoCommand } from '../commands.ts';
import { clause, environment, listed, mention, name, serviceName, title, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { post, ROOT } from '../slots.ts';
import { REASON_MAX } from './initiated.ts';

/** Of the commands; more stand under "Show commands". */
const COMMANDS_MAX = 10;
const COMMAND_MAX = 250;

function byHand({ spec, status: { plan } }: Told): string {
  const versions = new Map(spec.targets.map(({ service, to }) => [service, to]));
  const lines = plan.services.map((service) => undoCommand(plan, service, versions.get(service.service)));
  return lines
    .slice(0, COMMANDS_MAX)
    .map((line) => cut(line, COMMAND_MAX))
    .join('\n');
}

function asked({ status }: Told): string {
  return listed(status.plan.services.map(({ service }) => serviceName(service)));
}

function open(rollback: Told, { message, lastTransitionTime }: Condition): Slot {
  const { spec, metadata } = rollback;
  const until = new Date(Date.parse(metadata.creationTimestamp) + START_WITHIN_MS).toISOString();
  const value = encodeButtonValue({ rollback: metadata.name });
  const commands = byHand(rollback);
  const lines = [
    title(rollback, 'NOT BEGUN YET'),
    `Service(s): ${asked(rollback)}`,
    `Reason: ${inlineWithLinks(reasonText(spec.reason), REASON_MAX)}`,
    `Asked for by: ${name(spec.requestedBy)}`,
    `Now: nothing was touched. ${inline(message, 500)} Since ${timeForReader(lastTransitionTime)}. ${mention(rollback)}`,
    `It begins by itself when that is over, until ${timeForReader(until)}; after that it is refused. Rolled back by hand? Then cancel it.`,
  ];
  return post(rollback, {
    key: ROOT,
    text: `Rollback NOT BEGUN YET in ${environment(rollback)}: ${asked(rollback)}. Nothing was touched. ${clause(message)}.`,
    blocks: [
      ...sections(lines),
      ...(commands === '' ? [] : [section(`By hand:\n${preformatted(commands)}`)]),
      ...actions(ROOT, [
        button({ id: ACTION_IDS.cancel, text: 'Cancel', value }),
        button({ id: ACTION_IDS.showCommands, text: 'Show commands', value }),
      ]),
    ],
    urgency: 'buttons',
  });
}

/** While it waits to be begun, and only when that is long enough to be told. */
export function notBegun(rollback: Told): Slot[] {
  const delay = trueCondition(rollback.status.conditions, 'Stalled');
  return delay === undefined ? [] : [open(rollback, delay)];
}

/** It was told that it waits, and now it never begins. */
export function neverBegun(rollback: Told): Slot {
  const said = `${asked(rollback)}. Nothing was touched, see ROLLBACK REFUSED.`;
  return post(rollback, {
    key: ROOT,
    text: `Rollback NOT BEGUN in ${environment(rollback)}: ${said}`,
    blocks: [section(`${title(rollback, 'NOT BEGUN')}: ${said}`)],
    urgency: 'buttons',
  });
}
