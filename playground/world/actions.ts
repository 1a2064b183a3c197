/** The world panel's wishes as they come over HTTP, checked once, here. */
import { z } from 'zod';
import { troubleNames } from '../slack/troubles.ts';
import type { WorldAction } from '../world-protocol.ts';

const service = z.string().min(1).max(63);

const Wish = z.discriminatedUnion('action', [
  z.object({ action: z.literal('deploy-bad'), service }),
  z.object({ action: z.literal('deploy-crash-loop'), service }),
  z.object({ action: z.literal('deploy-slow'), service }),
  z.object({ action: z.literal('deploy-good'), service }),
  z.object({ action: z.literal('slack-rate-limit'), on: z.boolean() }),
  z.object({ action: z.literal('drop-socket') }),
  z.object({ action: z.literal('slack-trouble'), name: z.enum(troubleNames), on: z.boolean() }),
  z.object({ action: z.literal('api-server'), up: z.boolean() }),
  z.object({ action: z.literal('log-reads'), hang: z.boolean() }),
  z.object({ action: z.literal('kill-bot') }),
  z.object({ action: z.literal('start-bot') }),
  z.object({
    action: z.literal('skip'),
    minutes: z
      .number()
      .positive()
      .max(24 * 60),
  }),
  z.object({ action: z.literal('start-over') }),
  z.object({ action: z.literal('alert'), service }),
]);

/** @returns undefined when the body is not an action of the protocol */
export function readAction(name: string, body: unknown): WorldAction | undefined {
  const wish = Wish.safeParse({ ...(typeof body === 'object' ? body : {}), action: name });
  return wish.success ? wish.data : undefined;
}
