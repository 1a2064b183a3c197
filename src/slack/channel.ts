/** Can the bot post where the rollback will be told? Asked before pressing; never a reason not to roll back. */
import { slackError } from './connection/clients.ts';
import { within } from './deadline.ts';
import type { Room } from './room.ts';

const KEPT_MS = 60_000;
const answers = new WeakMap<Room, Map<string, { at: number; problem: string | undefined }>>();

interface Conversation {
  name?: string;
  is_member?: boolean;
  is_archived?: boolean;
}

async function look(room: Room, id: string): Promise<string | undefined> {
  try {
    const answer = await within(1500, 'conversations.info', room.slack.reads.conversations.info({ channel: id }));
    const { name = id, is_member: isMember, is_archived: isArchived } = (answer.channel ?? {}) as Conversation;
    if (isArchived)
      return `#${name} is archived, so this rollback cannot be told there. Unarchive it, or name another channel in the catalogue.`;
    if (isMember) return undefined;
    return `I am not in #${name}, so this rollback cannot be told there. Type “/invite @rollback-bot” in #${name}.`;
  } catch (error) {
    const reason = slackError(error);
    room.log.warn('channel could not be looked up', { channel: id, reason });
    if (reason !== 'channel_not_found') return undefined;
    return `The catalogue's channel ${id} does not exist or is private without me in it. Invite me there, or correct the catalogue.`;
  }
}

/** One plain sentence; undefined: fine, or not known. Kept for a minute where it is fine. */
export async function channelProblem(room: Room, environment: string | undefined): Promise<string | undefined> {
  const id = environment === undefined ? undefined : room.catalogue.environments[environment]?.channel;
  if (id === undefined) return undefined;
  const known = answers.get(room) ?? new Map<string, { at: number; problem: string | undefined }>();
  answers.set(room, known);
  const before = known.get(id);
  const now = room.clock.now();
  if (before !== undefined && before.problem === undefined && now - before.at < KEPT_MS) return undefined;
  const problem = await look(room, id);
  known.set(id, { at: now, problem });
  return problem;
}
