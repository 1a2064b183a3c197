/** Global and message shortcuts, and the Home tab. */
import { randomUUID } from 'node:crypto';
import type { Core } from '../core.ts';
import { viewAnswer } from '../methods/view-answer.ts';
import { SlackError } from '../slack-error.ts';
import type { Message } from '../workspace/messages.ts';
import { done, failed, failureOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { actor, eventPayload, onMessage } from './payloads.ts';

function findShortcut(core: Core, callbackId: string, type: 'global' | 'message'): void {
  const known = core.manifest.features.shortcuts.some((s) => s.callback_id === callbackId && s.type === type);
  if (!known) throw new SlackError('shortcut_not_found');
}

async function send(core: Core, userId: string, payload: object, channel?: string): Promise<Outcome> {
  const delivery = await core.sockets.deliver({ type: 'interactive', payload, acceptsPayload: false });
  const failure = failureOf(delivery);
  return failure === undefined ? done : failed(core, userId, failure, channel);
}

export async function runShortcut(core: Core, userId: string, callbackId: string): Promise<Outcome> {
  findShortcut(core, callbackId, 'global');
  return send(core, userId, {
    type: 'shortcut',
    ...actor(core, userId),
    callback_id: callbackId,
    trigger_id: core.triggers.issue(userId),
    action_ts: core.workspace.timestamps.next(),
  });
}

export async function runMessageShortcut(
  core: Core,
  userId: string,
  callbackId: string,
  message: Message,
): Promise<Outcome> {
  findShortcut(core, callbackId, 'message');
  const { container: _, ...place } = onMessage(core, userId, message);
  const payload = {
    type: 'message_action',
    ...actor(core, userId),
    ...place,
    callback_id: callbackId,
    message_ts: message.ts,
    trigger_id: core.triggers.issue(userId),
    action_ts: core.workspace.timestamps.next(),
  };
  return send(core, userId, payload, message.channel);
}

/** The person looks at the app's Home tab; the app is told where its manifest asks for it. */
export async function openHome(core: Core, userId: string): Promise<Outcome> {
  if (!core.manifest.settings.event_subscriptions.bot_events.includes('app_home_opened')) return done;
  const home = core.workspace.views.home(userId);
  const event = {
    type: 'app_home_opened',
    user: userId,
    channel: core.workspace.directMessages(userId).id,
    tab: 'home',
    ...(home ? { view: viewAnswer(core, home) } : {}),
    event_ts: core.workspace.timestamps.next(),
  };
  const delivery = await core.sockets.deliverEvent(eventPayload(core, event, `Ev${randomUUID().slice(0, 8)}`));
  const failure = failureOf(delivery);
  return failure === undefined ? done : { ok: false, error: failure };
}
