/** The form from a shortcut: from anywhere, or from an alert, whose permalink becomes the reason. Threads take no slash commands. */
import { emptyState, type FormState } from '../form/form-state.ts';
import { openForm } from '../form/show-form.ts';
import { permalinkOf } from '../permalink.ts';
import type { Room } from '../room.ts';
import { mentioned, plainText, textsOf } from './alert.ts';
import type { Shortcut } from './shortcut.ts';

const EXCERPT = 200;

export async function openFromAnywhere(room: Room, { body, person }: Shortcut): Promise<void> {
  await openForm(room, body.trigger_id, emptyState(), person);
}

export async function openFromMessage(room: Room, { body, person }: Shortcut): Promise<void> {
  const { message, channel } = body;
  const text = plainText(textsOf(message).join(' '));
  const { environment, services } = mentioned(text, room.catalogue);
  const excerpt = text.replaceAll(/\s+/g, ' ').trim().slice(0, EXCERPT);
  const state: FormState = {
    ...emptyState(),
    ...(environment === undefined ? {} : { environment }),
    services,
    reason: { kind: 'alert', text: excerpt },
    ...(channel === undefined ? {} : { channel: channel.id }),
    readAs: `this message · ${services.join(', ') || 'no service named'} · ${environment ?? 'no environment named'}`,
  };
  await openForm(room, body.trigger_id, state, person, async (known) => {
    const link =
      channel === undefined || message === undefined ? undefined : await permalinkOf(room, channel.id, message.ts);
    return { ...known, reason: { kind: 'alert', text: [excerpt, link].filter(Boolean).join(' ') } };
  });
}
