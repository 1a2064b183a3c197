/** Is this the right app with the right rights? Asked once at the start, so that a wrong token is named and not guessed from silence. */
import { TerminalError } from '#rollback/failure.ts';
import { slackError, type SlackClients } from './clients.ts';
import type { Log } from '#rollback/ports.ts';

/** What slack/ cannot do without. */
const NEEDED_SCOPES = ['commands', 'chat:write', 'users:read', 'usergroups:read', 'channels:read'];

const CAUSES: Record<string, string> = {
  invalid_auth: 'Slack does not know SLACK_BOT_TOKEN. Copy it again from “OAuth & Permissions”.',
  not_authed: 'SLACK_BOT_TOKEN is empty.',
  account_inactive: 'The app was uninstalled or its workspace is gone. Install it again.',
  token_revoked: 'SLACK_BOT_TOKEN was revoked. Install the app again and copy the new one.',
  token_expired: 'SLACK_BOT_TOKEN has expired: token rotation must be off (manifest.yml).',
  not_allowed_token_type: 'SLACK_BOT_TOKEN must be a bot token; it begins with xoxb-.',
};

export interface Identity {
  team: string;
  botUser: string;
}

/**
 * Throws TerminalError for a token that Slack rejects or that lacks a scope. undefined: Slack did not answer, which is no reason not to
 * start; the sockets keep trying.
 */
export async function checkStart(clients: SlackClients, log: Log): Promise<Identity | undefined> {
  let answer;
  try {
    answer = await clients.reads.auth.test();
  } catch (error) {
    const reason = slackError(error);
    const cause = CAUSES[reason];
    if (cause !== undefined) throw new TerminalError('SlackToken', `Slack: ${reason}. ${cause}`, { cause: error });
    log.warn('Slack did not answer at the start', { reason });
    return undefined;
  }
  const granted = answer.response_metadata?.scopes;
  const missing = granted === undefined ? [] : NEEDED_SCOPES.filter((scope) => !granted.includes(scope));
  if (missing.length > 0) {
    const cure = 'Add them under “OAuth & Permissions” (or paste manifest.yml) and install the app again';
    throw new TerminalError('SlackScopes', `Slack: the app lacks the scopes ${missing.join(', ')}. ${cure}.`);
  }
  return { team: answer.team_id ?? '', botUser: answer.user_id ?? '' };
}
