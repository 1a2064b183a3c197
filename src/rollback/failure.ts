/**
 * The three kinds of failure. A `Refusal` is data: the person can change it, and its text says how. A `TerminalError` is thrown when
 * no retry helps. Anything else that is thrown means: try again later, nothing is known to have changed.
 */
import { z } from 'zod';

/** Why something was not done. Nothing was touched when a Refusal is returned. */
export const Refusal = z.object({
  /** CamelCase, stable: tests and conditions name it. */
  reason: z.string(),
  /** One or two plain sentences for the person who asked; starts with what is wrong, ends with the cure. No markup. */
  message: z.string(),
  /** The runbook's command with names filled in, when a person can do it by hand. */
  command: z.string().optional(),
});
export type Refusal = z.infer<typeof Refusal>;

/** No retry helps. `reason` is CamelCase; the message may be shown to a Slack user as it is. */
export class TerminalError extends Error {
  override name = 'TerminalError';
  readonly reason: string;
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * Something was tried, and whether it was done cannot be found out any more. Never to be told as "nothing was touched". The message is a
 * plain clause.
 */
export class OutcomeUnknownError extends TerminalError {
  override name = 'OutcomeUnknownError';
  constructor(message: string, options?: ErrorOptions) {
    super('OutcomeUnknown', message, options);
  }
}

/** True for a Refusal returned in place of an answer. */
export function isRefusal(value: object): value is Refusal {
  return 'reason' in value && 'message' in value && !(value instanceof Error);
}
