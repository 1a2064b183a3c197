/** What Slack sends about an interaction: the fields all payloads share, and those of each kind. */
import type { Core } from '../core.ts';
import { messageAnswer } from '../methods/message-answer.ts';
import { viewAnswer } from '../methods/view-answer.ts';
import type { Channel } from '../workspace.ts';
import type { Message } from '../workspace/messages.ts';
import type { StoredView } from '../workspace/views.ts';
import type { ResponseTarget } from './response-urls.ts';

type Payload = Record<string, unknown>;

/** Deprecated by Slack and still sent; it proves nothing. */
const verificationToken = 'playground';

export function actor(core: Core, userId: string): Payload {
  const { workspace } = core;
  const name = workspace.users.get(userId)?.name ?? userId;
  return {
    user: { id: userId, username: name, name, team_id: workspace.team.id },
    team: { id: workspace.team.id, domain: workspace.team.domain },
    api_app_id: workspace.app.id,
    token: verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

function responseUrl(core: Core, target: ResponseTarget): string {
  return `${core.address.url}/response/${core.responseUrls.issue(target)}`;
}

function channelName(core: Core, channel: Channel): string {
  return channel.kind === 'im' ? 'directmessage' : (core.workspace.channels.get(channel.id)?.name ?? channel.name);
}

/** Where an interaction on a message took place. */
export function onMessage(core: Core, userId: string, message: Message): Payload {
  const channel = core.workspace.channels.get(message.channel);
  const target: ResponseTarget = { user: userId, channel: message.channel, messageTs: message.ts };
  if (message.threadTs !== undefined) target.threadTs = message.threadTs;
  return {
    channel: { id: message.channel, name: channel ? channelName(core, channel) : message.channel },
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.ephemeralFor !== undefined,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    response_url: responseUrl(core, target),
    message: messageAnswer(core, message),
  };
}

/** Where an interaction on a view took place. */
export function onView(core: Core, stored: StoredView): Payload {
  return { container: { type: 'view', view_id: stored.id }, view: viewAnswer(core, stored) };
}

export function commandPayload(
  core: Core,
  { userId, channel, command, text }: { userId: string; channel: Channel; command: string; text: string },
): Payload {
  const { workspace } = core;
  return {
    token: verificationToken,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channelName(core, channel),
    user_id: userId,
    user_name: workspace.users.get(userId)?.name ?? userId,
    command,
    text,
    api_app_id: workspace.app.id,
    is_enterprise_install: 'false',
    response_url: responseUrl(core, { user: userId, channel: channel.id }),
    trigger_id: core.triggers.issue(userId),
  };
}

/** The Events API's wrapping of an event. */
export function eventPayload(core: Core, event: Payload, eventId: string): Payload {
  const { workspace } = core;
  return {
    token: verificationToken,
    team_id: workspace.team.id,
    context_team_id: workspace.team.id,
    context_enterprise_id: null,
    api_app_id: workspace.app.id,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(core.clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.app.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
