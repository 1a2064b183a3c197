/** A click on a message or in a view, read once from Slack's payload into what handlers need. */
import { z } from 'zod';
import type { Person } from '#rollback/spec.ts';
import type { Say } from './answer.ts';

const Selected = z.looseObject({ value: z.string().optional() });

export const ClickBody = z.looseObject({
  type: z.literal('block_actions'),
  user: z.looseObject({ id: z.string(), name: z.string().optional() }),
  trigger_id: z.string(),
  actions: z
    .array(
      z.looseObject({
        action_id: z.string(),
        block_id: z.string().default(''),
        action_ts: z.string().optional(),
        value: z.string().optional(),
        selected_options: z.array(Selected).nullish(),
        selected_option: Selected.nullish(),
      }),
    )
    .min(1),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  container: z
    .looseObject({
      message_ts: z.string().optional(),
      channel_id: z.string().optional(),
      thread_ts: z.string().optional(),
    })
    .optional(),
  view: z
    .looseObject({
      id: z.string(),
      hash: z.string().default(''),
      type: z.string().default('modal'),
      callback_id: z.string().default(''),
      private_metadata: z.string().default(''),
      state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.any())) }).prefault({ values: {} }),
    })
    .optional(),
});
export type ClickBody = z.infer<typeof ClickBody>;

export interface Click {
  person: Person;
  actionId: string;
  blockId: string;
  value: string | undefined;
  /** Of checkboxes and multi selects. */
  selected: string[];
  triggerId: string;
  /** Slack's time of the action, ISO 8601. */
  at: string;
  /** That time in seconds, as exact as Slack gives it: which of two came first. */
  madeAt: number;
  /** The same for the same click, whatever repeats it. */
  key: string[];
  channel: string | undefined;
  messageTs: string | undefined;
  /** Of the thread's root. */
  threadTs: string | undefined;
  view: ClickBody['view'];
  say: Say;
}

/** Slack's "1700000000.123456" as ISO 8601. `now`: ms, for a payload without one. */
export function actionTime(ts: string | undefined, now: number): string {
  const ms = Number(ts) * 1000;
  return new Date(Number.isFinite(ms) && ms > 0 ? Math.floor(ms) : now).toISOString();
}

export function clickOf(body: ClickBody, person: Person, say: Say, now: number): Click | undefined {
  const [action] = body.actions;
  if (action === undefined) return undefined;
  const messageTs = body.message?.ts ?? body.container?.message_ts;
  const place = messageTs ?? body.view?.id ?? '';
  return {
    person,
    actionId: action.action_id,
    blockId: action.block_id,
    value: action.value,
    selected: (action.selected_options ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])),
    triggerId: body.trigger_id,
    at: actionTime(action.action_ts, now),
    madeAt: Number(action.action_ts ?? now / 1000),
    key: [place, action.action_ts ?? body.trigger_id, person.id, action.action_id],
    channel: body.channel?.id ?? body.container?.channel_id,
    messageTs,
    threadTs: body.message?.thread_ts ?? body.container?.thread_ts,
    view: body.view,
    say,
  };
}
