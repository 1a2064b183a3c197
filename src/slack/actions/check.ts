/** Ticks of the checklist: only what this person changed, against what this person saw, each as one answer. */
import { escape } from '#blocks/escape.ts';
import { ticksChanged } from '#messages/seen-checks.ts';
import type { Click } from '../click.ts';
import { inputKey } from '../keys.ts';
import type { Room } from '../room.ts';
import { alreadyEnded, mayAct, recordedText, rollbackOf, write } from './record.ts';

export async function check(room: Room, click: Click): Promise<void> {
  const rollback = await rollbackOf(room, click);
  if (rollback === undefined) return;
  const { metadata, spec, status } = rollback;
  if (!(await mayAct(room, click, spec.environment))) return;
  const why = alreadyEnded(rollback);
  if (why !== undefined) return await click.say(why);
  const items = status?.plan?.checklist ?? [];
  const changed = ticksChanged(
    items.map(({ id }) => id),
    click.blockId,
    click.selected,
  );
  const said: string[] = [];
  for (const [item, ticked] of changed) {
    const { person: by, at } = click;
    const answer = ticked ? 'pass' : 'open';
    const key = inputKey(...click.key, item);
    if (!(await write(room, click, metadata.name, key, { kind: 'check', by, at, item, answer }))) return;
    said.push(`${ticked ? '☑' : '☐'} ${escape(items.find(({ id }) => id === item)?.text ?? item)}`);
  }
  // The checklist itself shows each tick with its name; nine words of receipt would only bury the thread.
  if (said.length > 0 && !room.rollbacks.isFresh()) await click.say(recordedText(room, said.join(', ')));
}
