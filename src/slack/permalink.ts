/** The address of a message, for links that open it in any client. */
import { within } from './deadline.ts';
import type { Room } from './room.ts';

/** undefined: Slack did not say. */
export async function permalinkOf(room: Room, channel: string, ts: string): Promise<string | undefined> {
  const asked = room.slack.reads.chat.getPermalink({ channel, message_ts: ts });
  const answer = await within(1500, 'chat.getPermalink', asked).catch(() => undefined);
  return answer?.permalink;
}
