/** Clicks, choices and suggestions, on messages, in modals and on the Home tab. */
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { StateValues } from '../client-protocol.ts';
import type { Core } from '../core.ts';
import { elementLimits } from '../limits.ts';
import { optionGroupList, plainOption } from '../rules/option-rules.ts';
import { listOf, problemsOf } from '../rules/rule.ts';
import { SlackError } from '../slack-error.ts';
import type { Message } from '../workspace/messages.ts';
import { viewBlocks } from '../workspace/views.ts';
import type { StoredView } from '../workspace/views.ts';
import { done, failed, failureOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { actor, onMessage, onView } from './payloads.ts';
import { elementsOf, fullState } from './state.ts';
import type { Element } from './state.ts';

export type Place = { message: Message } | { stored: StoredView };

type Acted = { type: string; action_id: string; block_id: string; [field: string]: unknown };

function blocksOf(place: Place): KnownBlock[] {
  return 'message' in place ? (place.message.blocks ?? []) : viewBlocks(place.stored.view);
}

function findElement(place: Place, blockId: string, actionId: string): Element | undefined {
  const block = blocksOf(place).find((b) => b.block_id === blockId);
  return block && elementsOf(block).find((e) => e.action_id === actionId);
}

function where(core: Core, userId: string, place: Place): Record<string, unknown> {
  return 'message' in place ? onMessage(core, userId, place.message) : onView(core, place.stored);
}

function actionTs(core: Core): string {
  return core.workspace.timestamps.next();
}

/** One action: the app is told, with all values as they stand. An input tells only where it asks for `dispatch_action`. */
export async function act(
  core: Core,
  userId: string,
  place: Place,
  element: Acted,
  state: StateValues,
): Promise<Outcome> {
  const found = findElement(place, element.block_id, element.action_id);
  if (!found) throw new SlackError('element_not_found');
  const values = { ...state };
  const own = fullState(blocksOf(place), state)[element.block_id];
  if (own) values[element.block_id] = { ...own, ...actedValue(found, element) };
  if ('stored' in place) place.stored.typed = values;
  const block = blocksOf(place).find((b) => b.block_id === element.block_id);
  if (block?.type === 'input' && block.dispatch_action !== true) return done;
  const payload = {
    type: 'block_actions',
    ...actor(core, userId),
    ...where(core, userId, place),
    trigger_id: core.triggers.issue(userId, 'stored' in place ? place.stored.id : undefined),
    ...('message' in place ? { state: { values: fullState(blocksOf(place), values) } } : {}),
    actions: [{ ...element, action_ts: actionTs(core) }],
  };
  const delivery = await core.sockets.deliver({ type: 'interactive', payload, acceptsPayload: false });
  const failure = failureOf(delivery);
  const channel = 'message' in place ? place.message.channel : undefined;
  return failure === undefined ? done : failed(core, userId, failure, channel);
}

/** The acted element's own value: what its action carries beside its identity. */
function actedValue(found: Element, acted: Acted): Record<string, unknown> {
  if (found.type === 'button' || found.type === 'overflow') return {};
  const fields = Object.entries(acted).filter(([name]) => name !== 'action_id' && name !== 'block_id');
  return { [acted.action_id]: Object.fromEntries(fields) };
}

const Suggestions = z.object({
  options: z.array(z.unknown()).optional(),
  option_groups: z.array(z.unknown()).optional(),
});

interface Asked {
  blockId: string;
  actionId: string;
  query: string;
}

/** What an external select offers for a query. Too short a query is not asked at all; a wrong answer offers nothing, as in Slack. */
export async function suggest(
  core: Core,
  userId: string,
  place: Place,
  { blockId, actionId, query }: Asked,
): Promise<Outcome> {
  const element = findElement(place, blockId, actionId);
  if (!element) throw new SlackError('element_not_found');
  const least = element['min_query_length'] ?? elementLimits.minQueryLength;
  if (query.length < Number(least)) return { ok: true, options: [] };
  const payload = {
    type: 'block_suggestion',
    ...actor(core, userId),
    ...where(core, userId, place),
    action_id: actionId,
    block_id: blockId,
    value: query,
  };
  const delivery = await core.sockets.deliver({ type: 'interactive', payload, acceptsPayload: true });
  const failure = failureOf(delivery);
  if (failure !== undefined) return { ok: false, error: failure };
  const answer = Suggestions.safeParse(delivery.kind === 'acked' ? delivery.payload : undefined).data ?? {};
  return isAcceptable(answer) ? { ok: true, ...answer } : { ok: false, error: 'invalid_options' };
}

const optionList = listOf(plainOption, { min: 0, max: elementLimits.suggestions });

function isAcceptable({ options, option_groups: groups }: z.infer<typeof Suggestions>): boolean {
  if (options) return problemsOf(optionList, options, '/options').length === 0;
  return groups !== undefined && problemsOf(optionGroupList, groups, '/option_groups').length === 0;
}
