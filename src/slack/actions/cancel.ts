/** "Cancel": what still waits is not touched. What was patched already stays, and is said by name. */
import { escape } from '#blocks/escape.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { alreadyEnded, requestAction } from './record.ts';

/** undefined: something can still be kept from being patched. */
export function tooLateToCancel(rollback: Rollback): string | undefined {
  const { status } = rollback;
  const targets = status?.targets ?? [];
  const patched = targets.filter(({ patchedAt }) => patchedAt !== undefined);
  const isWaiting = targets.length === 0 || targets.some(({ state }) => state === 'Waiting');
  if (patched.length === 0 || isWaiting) return alreadyEnded(rollback);
  const names = patched.map(({ service }) => escape(service)).join(', ');
  return `Too late to cancel: ${names} ${patched.length === 1 ? 'is' : 'are'} patched already. “Undo this rollback…” brings back what ran before.`;
}

export const cancel = requestAction({
  request: 'cancel',
  tooLate: tooLateToCancel,
  recorded: 'cancelled. What is not patched yet is not touched.',
});
