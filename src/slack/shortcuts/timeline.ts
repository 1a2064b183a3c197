/** "Add to the timeline": a message is kept as a note of the rollback in whose thread it stands, or of the one that is chosen. */
import type { ModalView } from '@slack/types';
import { option, plain } from '#blocks/elements.ts';
import { trueCondition } from '#rollback/conditions.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import { mayAct, recordedText, rollbackOfThread, write } from '../actions/record.ts';
import { isRunning } from '../commands/status.ts';
import { inputKey } from '../keys.ts';
import { messageView } from '../modals/message-view.ts';
import { actorOf } from '../people/actor.ts';
import { permalinkOf } from '../permalink.ts';
import type { Room } from '../room.ts';
import { plainText } from './alert.ts';
import type { Shortcut } from './shortcut.ts';

export const TIMELINE_VIEW = 'rollback_add_to_timeline';
export const TIMELINE_ROLLBACK = 'timeline_rollback';

const MAX_NOTE = 500;
const OFFERED = 20;

/** "Tom Okafor: the queue is drained" when somebody else wrote it. */
function noteText(text: string, author: string | undefined): string {
  const words = plainText(text).replaceAll(/\s+/g, ' ').trim() || 'a message without text';
  const whole = author === undefined ? words : `${author}: ${words}`;
  return whole.length <= MAX_NOTE ? whole : `${whole.slice(0, MAX_NOTE - 1)}…`;
}

export interface KeptMessage {
  channel: string;
  ts: string;
  text: string;
}

/** Running ones first, before those told in another channel; the newest of them is chosen already. */
export function timelineView(rollbacks: readonly Rollback[], message: KeptMessage): ModalView | undefined {
  const isHere = ({ status }: Rollback): boolean => status?.plan?.environment.channel === message.channel;
  const rank = (rollback: Rollback): number => 2 * Number(isRunning(rollback)) + Number(isHere(rollback));
  const offered = rollbacks.toSorted((a, b) => rank(b) - rank(a)).slice(0, OFFERED);
  const options = offered.map(({ metadata, spec, status }) => {
    const services = spec.targets.map(({ service }) => service).join(', ');
    return option(
      `${services} in ${spec.environment}`,
      metadata.name,
      `${status?.phase ?? 'Pending'}, ${metadata.creationTimestamp.slice(0, 16).replace('T', ' ')} UTC`,
    );
  });
  const [first] = options;
  if (first === undefined) return undefined;
  return {
    type: 'modal',
    callback_id: TIMELINE_VIEW,
    title: plain('Add to the timeline'),
    submit: plain('Add'),
    close: plain('Close'),
    private_metadata: JSON.stringify(message),
    blocks: [
      {
        type: 'input',
        block_id: TIMELINE_ROLLBACK,
        label: plain('Which rollback?'),
        element: { type: 'static_select', action_id: TIMELINE_ROLLBACK, options, initial_option: first },
      },
    ],
  };
}

export type Noted = Pick<Shortcut, 'person' | 'at' | 'say'>;

/** The same message kept twice is one note. */
export async function addNote(
  room: Room,
  rollback: Rollback,
  message: KeptMessage,
  { person, at, say }: Noted,
): Promise<void> {
  if (!(await mayAct(room, { person, say }, rollback.spec.environment))) return;
  const permalink = await permalinkOf(room, message.channel, message.ts);
  const note: Input = {
    kind: 'note',
    by: person,
    at,
    text: message.text,
    ...(permalink === undefined ? {} : { permalink }),
  };
  const key = inputKey('note', message.channel, message.ts);
  if (key in (rollback.spec.inputs ?? {})) return await say('That message is in the timeline already.');
  if (!(await write(room, { say }, rollback.metadata.name, key, note))) return;
  // A settled rollback is never rendered again.
  const isClosed = trueCondition(rollback.status?.conditions ?? [], 'Settled') !== undefined;
  const where = isClosed
    ? 'kept with the rollback. Its thread is closed, so it is not shown there.'
    : 'in the timeline.';
  await say(recordedText(room, where));
}

export async function addToTimeline(room: Room, shortcut: Shortcut): Promise<void> {
  const { message, channel, trigger_id: trigger } = shortcut.body;
  if (message === undefined || channel === undefined) return;
  const author = message.user === undefined || message.user === shortcut.person.id ? undefined : message.user;
  const rollback = rollbackOfThread(room, channel.id, message.thread_ts ?? message.ts);
  const name = author === undefined ? undefined : (await room.people.find(author).catch(() => undefined))?.name;
  const kept: KeptMessage = { channel: channel.id, ts: message.ts, text: noteText(message.text, name) };
  if (rollback !== undefined) {
    return await addNote(room, rollback, kept, { ...shortcut, person: await actorOf(room, shortcut.person) });
  }
  const nothing = messageView('Add to the timeline', 'There is no rollback to add this to.');
  const view = timelineView(room.rollbacks.list(), kept) ?? nothing;
  await room.slack.interactive.views.open({ trigger_id: trigger, view });
}
