import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { refusal } from './builders.ts';
import { connect } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
beforeEach(async () => {
  connected = await connect(undefined, { scopes: ['im:write', 'reactions:read', 'reactions:write', 'channels:join'] });
});
afterEach(() => connected.stop());

describe('the workspace', () => {
  it('knows its people, guests among them', async () => {
    const { user } = await connected.client.users.info({ user: 'U0GUEST' });
    expect(user).toMatchObject({ real_name: 'Alex Moor', is_restricted: true, is_bot: false });
    const { members } = await connected.client.users.list({});
    expect(members?.filter((m) => m.is_bot).map((m) => m.id)).toEqual(['U0BOT', 'U0ALERTS']);
    expect(await refusal(connected.client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect((await connected.client.auth.test()).user_id).toBe('U0BOT');
    expect((await connected.client.bots.info({ bot: 'B0ALERTS' })).bot).toMatchObject({ name: 'Alertmanager' });
  });

  it('knows its user groups and who is in them', async () => {
    const { usergroups } = await connected.client.usergroups.list({ include_users: true });
    expect(usergroups).toMatchObject([
      { handle: 'oncall-backend', users: ['U0ONCALL', 'U0BACKEND'] },
      { handle: 'oncall-leads', users: ['U0LEAD'] },
    ]);
    expect((await connected.client.usergroups.users.list({ usergroup: 'S0LEADS' })).users).toEqual(['U0LEAD']);
    connected.slack.workspace.usergroups.get('S0LEADS')!.disabled = true;
    expect(await refusal(connected.client.usergroups.users.list({ usergroup: 'S0LEADS' }))).toBe('no_such_subteam');
  });

  it('tells about channels, and lets the bot join a public one', async () => {
    const about = async () => (await connected.client.conversations.info({ channel: 'C0GENERAL' })).channel;
    expect(await about()).toMatchObject({ name: 'general', is_member: false, is_archived: false });
    await connected.client.conversations.join({ channel: 'C0GENERAL' });
    expect(await about()).toMatchObject({ is_member: true });
    const { members } = await connected.client.conversations.members({ channel: 'C0GENERAL' });
    expect(members).toContain('U0BOT');
  });

  it('carries direct messages that nobody else reads', async () => {
    const { channel } = await connected.client.conversations.open({ users: 'U0ONCALL' });
    await connected.client.chat.postMessage({ channel: channel!.id!, text: 'A reminder' });
    await connected.client.chat.postMessage({ channel: 'U0ONCALL', text: 'Another' });
    const texts = (id: string) =>
      connected.slack
        .person(id)
        .sees()
        .map((m) => m.text);
    expect([texts('U0ONCALL'), texts('U0LEAD')]).toEqual([['A reminder', 'Another'], []]);
  });

  it('shows a guest only the channels they are in', async () => {
    connected.slack.post({ user: 'U0ALERTS', channel: 'C0STAGING', text: 'staging' });
    connected.slack.post({ user: 'U0ALERTS', channel: 'C0INCIDENT', text: 'incident' });
    expect(
      connected.slack
        .person('U0GUEST')
        .sees()
        .map((m) => m.text),
    ).toEqual(['incident']);
    const typed = await connected.slack.person('U0GUEST').type('C0STAGING', 'hello');
    expect(typed).toEqual({ ok: false, error: 'channel_not_found' });
  });

  it('counts reactions once per person', async () => {
    const { ts } = await connected.client.chat.postMessage({ channel: 'C0INCIDENT', text: 'x' });
    const named = { channel: 'C0INCIDENT', timestamp: ts!, name: 'eyes' };
    await connected.client.reactions.add(named);
    expect(await refusal(connected.client.reactions.add(named))).toBe('already_reacted');
    const maya = connected.slack.person('U0ONCALL');
    await maya.react(maya.sees('#incidents')[0]!, 'eyes');
    const { message } = await connected.client.reactions.get({ channel: 'C0INCIDENT', timestamp: ts! });
    expect(message?.reactions).toEqual([{ name: 'eyes', users: ['U0BOT', 'U0ONCALL'], count: 2 }]);
    await connected.client.reactions.remove(named);
    expect(await refusal(connected.client.reactions.remove(named))).toBe('no_reaction');
  });
});
