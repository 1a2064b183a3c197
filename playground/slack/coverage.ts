/** What of Slack the emulated workspace does, and what not. A test holds this table against the code. */
interface Coverage {
  state: 'supported' | 'partial' | 'not';
  /** One sentence on what is missing or different; every entry that is not "supported" has one. */
  gap?: string;
}

const supported: Coverage = { state: 'supported' };
const partial = (gap: string): Coverage => ({ state: 'partial', gap });
const not = (gap: string): Coverage => ({ state: 'not', gap });

export const methodCoverage: Record<string, Coverage> = {
  'api.test': supported,
  'apps.connections.open': supported,
  'auth.test': supported,
  'blocks.validate': not('Blocks are checked where they are used.'),
  'bots.info': partial('Icons are left out.'),
  'chat.delete': supported,
  'chat.getPermalink': partial('The address is one of this server, not of slack.com.'),
  'chat.postEphemeral': partial('It stays until the client reloads; Slack may drop it sooner.'),
  'chat.postMessage': partial('Unfurling, markdown_text, as_user and names or icons of the moment are ignored.'),
  'chat.scheduleMessage': not('Nothing is posted later.'),
  'chat.startStream': not('Streamed messages are not emulated.'),
  'chat.unfurl': not('Links are never unfurled.'),
  'chat.update': partial('Unfurling and markdown_text are ignored.'),
  'conversations.create': not('Channels come with the workspace.'),
  'conversations.history': partial('Metadata without include_all_metadata comes with an empty payload.'),
  'conversations.info': partial('Purpose, counts of unread messages and shared channels are left out.'),
  'conversations.invite': not('Members come with the workspace.'),
  'conversations.join': supported,
  'conversations.list': not('Channels are configured by id, never listed.'),
  'conversations.members': supported,
  'conversations.open': partial('Direct messages with one person only.'),
  'conversations.replies': partial('Metadata without include_all_metadata comes with an empty payload.'),
  'files.completeUploadExternal': partial('One channel only, and no scan or transcoding of the file.'),
  'files.delete': not('Files stay.'),
  'files.getUploadURLExternal': partial('Snippets are ordinary files.'),
  'files.info': partial('Thumbnails, previews and comments are left out.'),
  'oauth.v2.access': not('The app is installed from the start, with fixed tokens.'),
  'pins.add': not('Nothing can be pinned.'),
  'reactions.add': partial('Any well-formed name is an emoji; invalid_name for unknown ones is not checked.'),
  'reactions.get': partial('Messages only.'),
  'reactions.remove': supported,
  'usergroups.list': supported,
  'usergroups.users.list': supported,
  'users.info': partial('Pictures, presence, e-mail addresses and time zones are left out.'),
  'users.list': partial('Pictures, presence, e-mail addresses and time zones are left out.'),
  'users.lookupByEmail': not('People have no e-mail addresses here.'),
  'views.open': partial('A modal that is already open is replaced.'),
  'views.publish': supported,
  'views.push': supported,
  'views.update': supported,
};

/** By the `type` of the payload. */
export const interactionCoverage: Record<string, Coverage> = {
  slash_commands: partial('With should_escape, names of people and channels are not turned into mentions.'),
  block_actions: supported,
  block_suggestion: partial('Not on the Home tab.'),
  message_action: supported,
  shortcut: supported,
  view_closed: supported,
  view_submission: partial('Conversation selects never get response_urls.'),
  workflow_step_edit: not('Steps of workflows ended.'),
};

export const eventCoverage: Record<string, Coverage> = {
  app_home_opened: partial('Only for the tab "home".'),
  app_mention: not('Mentions are not told to the app.'),
  message: not('Messages are not told to the app.'),
  reaction_added: not('Reactions are not told to the app.'),
  tokens_revoked: not('A revoked token shows at the next call.'),
};

export const socketCoverage: Record<string, Coverage> = {
  hello: supported,
  'disconnect: warning': supported,
  'disconnect: refresh_requested': supported,
  'disconnect: link_disabled': supported,
  'disconnect: too_many_websockets': supported,
  'debug_reconnects=true': not('Lifetimes are ended by a fault instead.'),
  'redelivery of events': supported,
};
