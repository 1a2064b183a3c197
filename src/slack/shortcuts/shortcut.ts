/** A shortcut, read once from Slack's payload. */
import { z } from 'zod';
import type { Person } from '#rollback/spec.ts';
import type { Say } from '../answer.ts';

export const ShortcutBody = z.looseObject({
  type: z.enum(['shortcut', 'message_action']),
  callback_id: z.string(),
  trigger_id: z.string(),
  action_ts: z.string().optional(),
  message_ts: z.string().optional(),
  user: z.looseObject({ id: z.string(), name: z.string().optional() }),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z
    .looseObject({
      ts: z.string(),
      thread_ts: z.string().optional(),
      user: z.string().optional(),
      /** An app's message. */
      bot_id: z.string().optional(),
      text: z.string().default(''),
    })
    .optional(),
});
export type ShortcutBody = z.infer<typeof ShortcutBody>;

export interface Shortcut {
  body: ShortcutBody;
  person: Person;
  /** ISO 8601. */
  at: string;
  say: Say;
}
