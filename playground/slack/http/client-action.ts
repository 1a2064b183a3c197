import { z } from 'zod';
import type { ClientAction } from '../client-protocol.ts';

const id = z.string().min(1);
const onMessage = z.object({ channel: id, ts: id });
const onView = z.object({ viewId: id });
const state = z.record(z.string(), z.record(z.string(), z.unknown())).default({});

/** What a client may ask for, as it arrives from outside. */
const ClientRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('type'), channel: id, text: z.string().max(40_000), threadTs: id.optional() }),
  z.object({
    action: z.literal('act'),
    on: z.union([onMessage, onView, z.object({ home: z.literal(true) })]),
    element: z.looseObject({ type: id, action_id: id, block_id: id }),
    state,
  }),
  z.object({ action: z.literal('submit'), viewId: id, state }),
  z.object({ action: z.literal('close'), viewId: id, all: z.boolean().optional() }),
  z.object({
    action: z.literal('suggest'),
    on: z.union([onMessage, onView]),
    blockId: id,
    actionId: id,
    query: z.string(),
  }),
  z.object({ action: z.literal('shortcut'), callbackId: id }),
  z.object({ action: z.literal('message_shortcut'), callbackId: id, channel: id, ts: id }),
  z.object({ action: z.literal('open_home') }),
  z.object({ action: z.literal('react'), channel: id, ts: id, name: id }),
  z.object({ action: z.literal('delete'), channel: id, ts: id }),
]);

/** The action of a request, or what is wrong with it. */
export function readAction(action: string, fields: Record<string, unknown>): ClientAction | string {
  const result = ClientRequest.safeParse({ ...fields, action });
  return result.success ? (result.data as ClientAction) : z.prettifyError(result.error);
}
