/**
 * What people do, as one function from a person and an action to an outcome. The page's requests and the persons of journeys come
 * through here alike; what the action needs is looked up, the app is told over its sockets, its answer changes the workspace.
 */
import type { ClientAction } from './client-protocol.ts';
import type { Core } from './core.ts';
import { act, suggest } from './interaction/actions.ts';
import type { Place } from './interaction/actions.ts';
import { typeText } from './interaction/commands.ts';
import { done } from './interaction/outcome.ts';
import type { Outcome } from './interaction/outcome.ts';
import { openHome, runMessageShortcut, runShortcut } from './interaction/shortcuts.ts';
import { close, submit } from './interaction/submission.ts';
import { addReaction, removeReaction } from './methods/reactions.ts';
import { SlackError } from './slack-error.ts';
import type { Channel } from './workspace.ts';
import type { Message } from './workspace/messages.ts';

function findChannel(core: Core, userId: string, id: string): Channel {
  const channel = core.workspace.channels.get(id);
  if (!channel || !core.workspace.mayRead(userId, channel)) throw new SlackError('channel_not_found');
  return channel;
}

function findMessage(core: Core, userId: string, channelId: string, ts: string): Message {
  const message = core.workspace.messages.find(findChannel(core, userId, channelId).id, ts);
  const isHidden = message?.ephemeralFor !== undefined && message.ephemeralFor !== userId;
  if (!message || isHidden) throw new SlackError('message_not_found');
  return message;
}

type On = Extract<ClientAction, { action: 'act' }>['on'];

/** The message, modal or Home tab of this person that an action is about. */
function placeOf(core: Core, userId: string, on: On): Place {
  if ('channel' in on) return { message: findMessage(core, userId, on.channel, on.ts) };
  const stored =
    'home' in on
      ? core.workspace.views.home(userId)
      : core.workspace.views.stack(userId).find((v) => v.id === on.viewId);
  if (!stored) throw new SlackError('not_found');
  return { stored };
}

function react(core: Core, userId: string, message: Message, name: string): Outcome {
  const has = message.reactions.some((r) => r.name === name && r.users.includes(userId));
  if (has) removeReaction(core.workspace, message, name, userId);
  else addReaction(core.workspace, message, name, userId);
  return done;
}

async function dispatch(core: Core, userId: string, action: ClientAction): Promise<Outcome> {
  switch (action.action) {
    case 'type': {
      const channel = findChannel(core, userId, action.channel);
      return typeText(core, { userId, channel, text: action.text, threadTs: action.threadTs });
    }
    case 'act':
      return act(core, userId, placeOf(core, userId, action.on), action.element, action.state);
    case 'submit':
      return submit(core, userId, action.viewId, action.state);
    case 'close':
      return close(core, userId, action.viewId, action.all);
    case 'suggest':
      return suggest(core, userId, placeOf(core, userId, action.on), action);
    case 'shortcut':
      return runShortcut(core, userId, action.callbackId);
    case 'message_shortcut':
      return runMessageShortcut(core, userId, action.callbackId, findMessage(core, userId, action.channel, action.ts));
    case 'open_home':
      return openHome(core, userId);
    case 'react':
      return react(core, userId, findMessage(core, userId, action.channel, action.ts), action.name);
    case 'delete':
      core.workspace.messages.delete(findMessage(core, userId, action.channel, action.ts));
      return done;
  }
}

/** With the fault on, a second person clicks the same thing on the same message in the same instant. */
function clickedBy(core: Core, userId: string, action: ClientAction): string[] {
  const { faults, workspace } = core;
  if (faults.doubledClicks === 0 || action.action !== 'act' || !('channel' in action.on)) return [userId];
  faults.doubledClicks -= 1;
  const group = [...workspace.usergroups.values()].find(({ users }) => users.includes(userId));
  const colleague = group?.users.find((id) => id !== userId);
  return colleague === undefined ? [userId] : [userId, colleague];
}

/** Does one action as this person. A refusal is an outcome with Slack's word, never an exception. */
export async function perform(core: Core, userId: string, action: ClientAction): Promise<Outcome> {
  try {
    const user = core.workspace.users.get(userId);
    if (!user || user.isBot || user.deleted) throw new SlackError('user_not_found');
    const people = clickedBy(core, userId, action);
    const [outcome] = await Promise.all(people.map((id) => dispatch(core, id, action)));
    return outcome ?? done;
  } catch (error) {
    if (error instanceof SlackError) return { ok: false, error: error.error };
    throw error;
  }
}
