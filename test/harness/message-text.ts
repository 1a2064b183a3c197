/** Reading rendered slots as a person reads them: lines, button texts, times as their UTC fallback. */
import type { KnownBlock } from '@slack/types';
import { render } from '#messages/render.ts';
import type { Slot } from '#messages/slot.ts';
import type { Rollback } from '#rollback/rollback.ts';

/** Slack's date tokens as they read where no zone is known. */
export function shown(text: string): string {
  return text.replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1');
}

export function slotKeys(rollback: Rollback): string[] {
  return render(rollback).map(({ key }) => key);
}

/** The slot whose key is, or begins with, `key`. */
export function slotOf(rollback: Rollback, key: string): Slot {
  const slots = render(rollback);
  const found = slots.find((slot) => slot.key === key) ?? slots.find((slot) => slot.key.startsWith(key));
  if (!found) throw new Error(`no slot ${key} among ${slots.map((slot) => slot.key).join(', ')}`);
  return found;
}

function textsOf(block: KnownBlock): string[] {
  if (block.type === 'section') return [block.text?.text ?? ''];
  return block.type === 'context' ? block.elements.flatMap((e) => ('text' in e ? [e.text] : [])) : [];
}

/** Lines of the slot's sections and contexts. */
export function linesOf(rollback: Rollback, key: string): string[] {
  return slotOf(rollback, key).blocks.flatMap((block) => textsOf(block).flatMap((text) => shown(text).split('\n')));
}

export function buttonsOf(rollback: Rollback, key: string): string[] {
  return slotOf(rollback, key).blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.flatMap((e) => (e.type === 'button' ? [e.text.text] : [])) : [],
  );
}
