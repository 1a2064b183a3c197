/** The form from a shortcut: from anywhere, or from an alert, whose permalink becomes the reason. Threads take no slash commands. */
import { emptyState, type FormState } from '../form/form-state.ts';
import { openForm } from '../form/show-form.ts';
import { permalinkOf } from '../permalink.ts';
import type { Room } from '../room.ts';
import { mentioned, plainText, reasonOf, textsOf } from './alert.ts';
import type { Shortcut } from './shortcut.ts';

export async function openFromAnywhere(room: Room, { body, person }: Shortcut): Promise<void> {
  await openForm(room, body.trigger_id, emptyState(), person);
}

export async function openFromMessage(room: Room, { body, person }: Shortcut): Promise<void> {
  const { message, channel } = body;
  const text = plainText(textsOf(message).join('\n'));
  const { environment, services } = mentioned(text, room.catalogue);
  const reason = reasonOf(text, message?.bot_id !== undefined);
  const state: FormState = {
    ...emptyState(),
    ...(environment === undefined ? {} : { environment }),
    services,
    reason,
    ...(channel === undefined ? {} : { channel: channel.id }),
    readAs: `this message · ${services.join(', ') || 'no service named'} · ${environment ?? 'no environment named'}`,
  };
  await openForm(room, body.trigger_id, state, person, async (known) => {
    const link =
      channel === undefined || message === undefined ? undefined : await permalinkOf(room, channel.id, message.ts);
    return { ...known, reason: { ...reason, text: [reason.text, link].filter(Boolean).join(' ') } };
  });
}
