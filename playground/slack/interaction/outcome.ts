import type { Core } from '../core.ts';
import type { Delivery } from '../sockets.ts';

/** How an interaction ended for the person. */
export type Outcome = { ok: true; [field: string]: unknown } | { ok: false; error: string };

export const done: Outcome = { ok: true };

/** Slack's name for a delivery that failed; `undefined`: it was acknowledged. */
export function failureOf(delivery: Delivery): string | undefined {
  if (delivery.kind === 'acked') return undefined;
  return delivery.kind === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
}

/** Tells the person that a click or a form got no answer, as Slack's client does, and answers the failure. */
export function failed(core: Core, user: string, error: string, channel?: string): Outcome {
  core.workspace.slackbot(user, `We had some trouble connecting. Try again? (${error})`, channel);
  return { ok: false, error };
}
