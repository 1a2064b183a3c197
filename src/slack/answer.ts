/** Words for one person: ephemeral, at most once, never the only copy. A failed answer is logged and never a reason to fail. */
import { RespondError } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { slackError } from './connection/clients.ts';
import { within } from './deadline.ts';
import type { Room } from './room.ts';

/** `text`: mrkdwn, escaped. Never rejects. */
export type Say = (text: string, blocks?: KnownBlock[]) => Promise<void>;

interface Ephemeral {
  text: string;
  response_type: 'ephemeral';
  replace_original: false;
  blocks?: KnownBlock[];
}

/**
 * Through the interaction's response_url: works in channels that the bot is not in. `otherwise`: when Slack takes no answer there, as after
 * half an hour or five answers. Where it is silent the words may stand there all the same, and nothing is said a second time.
 */
export function sayByResponse(room: Room, respond: (message: Ephemeral) => Promise<unknown>, otherwise: Say): Say {
  return async (text, blocks) => {
    const message: Ephemeral = {
      text,
      response_type: 'ephemeral',
      replace_original: false,
      ...(blocks === undefined ? {} : { blocks }),
    };
    try {
      await within(2500, 'respond', respond(message));
    } catch (error) {
      room.log.warn('an answer did not reach the person', { error: String(error) });
      if (error instanceof RespondError) await otherwise(text, blocks);
    }
  };
}

export interface Whereabouts {
  channel: string;
  user: string;
  threadTs?: string | undefined;
}

/** In a channel, or in the thread where the click was. `otherwise`: when the bot may not post there. */
export function sayInPlace(room: Room, { channel, user, threadTs }: Whereabouts, otherwise?: Say): Say {
  return async (text, blocks) => {
    try {
      await room.slack.interactive.chat.postEphemeral({
        channel,
        user,
        text,
        ...(blocks === undefined ? {} : { blocks }),
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      });
    } catch (error) {
      room.log.warn('an ephemeral answer was refused', { reason: slackError(error) });
      await otherwise?.(text, blocks);
    }
  };
}

/** To a person who is nowhere in particular (a global shortcut, App Home): a direct message. */
export function sayDirectly(room: Room, user: string): Say {
  return async (text, blocks) => {
    try {
      await room.slack.interactive.chat.postMessage({
        channel: user,
        text,
        ...(blocks === undefined ? {} : { blocks }),
      });
    } catch (error) {
      room.log.warn('a direct message was refused', { reason: slackError(error) });
    }
  };
}
