/** Who did something, from any of Slack's payloads. Ids decide; the name is only shown. */
import type { Person } from '#rollback/spec.ts';
import { within } from '../deadline.ts';
import type { Room } from '../room.ts';

/** The name Slack shows, if it can be had quickly. */
export async function actorOf(room: Room, user: { id: string; name?: string | undefined }): Promise<Person> {
  const known = await within(800, 'users.info', room.people.find(user.id)).catch(() => undefined);
  return { id: user.id, name: known?.name ?? user.name ?? user.id };
}
