/** Shortcuts by callback id, as manifest.yml names them. */
import type { Room } from '../room.ts';
import { openFromAnywhere, openFromMessage } from './open.ts';
import type { Shortcut } from './shortcut.ts';
import { addToTimeline } from './timeline.ts';

export const shortcuts: ReadonlyMap<string, (room: Room, shortcut: Shortcut) => Promise<void>> = new Map([
  ['rollback_open', openFromAnywhere],
  ['rollback_from_message', openFromMessage],
  ['add_to_timeline', addToTimeline],
]);
