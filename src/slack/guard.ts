/** Around every handler: counted for the shutdown, and what it throws becomes a sentence with an incident id, never a stack trace. */
import { TerminalError } from '#rollback/failure.ts';
import { UnavailableError } from '#rollback/ports.ts';
import { escape } from '#blocks/escape.ts';
import type { Say } from './answer.ts';
import { isSlackError, NO_ANSWER, slackError } from './connection/clients.ts';
import { LateError } from './deadline.ts';
import { incidentId } from './keys.ts';
import type { Room } from './room.ts';

/** What a person reads when a handler threw. */
export function wordsFor(error: unknown, incident: string): string {
  if (error instanceof TerminalError) return escape(error.message);
  const reason = slackError(error);
  if (reason === 'exchanged_trigger_id') {
    return 'Slack says that this form is open already. Nothing was started. If you see no form, please try again.';
  }
  if (reason === 'expired_trigger_id') {
    return 'Slack gave the form three seconds and they were over. Nothing was started. Please try again.';
  }
  if (reason === 'ratelimited')
    return 'Slack is limiting the bot right now. Nothing was started. Try again in a few seconds.';
  if (error instanceof UnavailableError || error instanceof LateError) {
    return 'The API server does not answer, so nothing was recorded. Press again in a moment; “Show commands” has the way by hand.';
  }
  if (reason === NO_ANSWER && isSlackError(error)) {
    return 'Slack did not answer me in time, so this went no further. Please try again.';
  }
  return `That failed on my side (incident ${incident}; the log has it under this number). Look at \`/rollback status\` before you try again.`;
}

/** Runs the handler; never rejects. */
export async function guarded(room: Room, what: string, say: Say, handle: () => Promise<void>): Promise<void> {
  try {
    await room.inFlight.track(handle());
  } catch (error) {
    const incident = incidentId(`${what} ${room.clock.now()} ${String(error)}`);
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    room.log.error('a handler failed', { what, incident, slack: slackError(error), error: cause });
    await say(`:warning: ${wordsFor(error, incident)}`);
  }
}
