import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebClient } from '@slack/web-api';
import { worldClock } from '#playground/clock.ts';
import { startSlack } from '#playground/slack/server.ts';
import type { EmulatedSlack } from '#playground/slack/server.ts';
import { button, refusal, section } from './builders.ts';
import { manifest, webClient } from './bolt-app.ts';

const channel = 'C0INCIDENT';
let slack: EmulatedSlack;
let client: WebClient;
beforeEach(async () => {
  slack = await startSlack({ clock: worldClock({ unref: true }), manifest: manifest() });
  client = webClient(slack);
});
afterEach(() => slack.stop());

const post = async (text: string, more: object = {}): Promise<string> =>
  (await client.chat.postMessage({ channel, text, ...more })).ts!;

describe('a message of the app', () => {
  it('is edited in place: text alone takes the blocks away, and only then shows as edited', async () => {
    const ts = await post('Rolling back', { blocks: [section('*Rolling back*')] });
    const maya = slack.person('U0ONCALL');
    await client.chat.update({ channel, ts, text: 'Half way', blocks: [section('*Half way*')] });
    expect(maya.message(/Half way/)).toMatchObject({ ts, reads: '*Half way*' });
    expect(maya.message(/Half way/)?.editedAt).toBeUndefined();
    await client.chat.update({ channel, ts, text: 'Done' });
    expect(maya.message(/Done/)).toMatchObject({ ts, reads: 'Done', editedAt: expect.any(Number) });
    expect(maya.sees('#incidents')).toHaveLength(1);
  });

  it('stands in a thread, or in both when it is broadcast', async () => {
    const root = await post('Root');
    await post('Step 1', { thread_ts: root });
    const shown = await post('Needs a person', { thread_ts: root, reply_broadcast: true });
    const history = await client.conversations.history({ channel });
    expect(history.messages?.map((m) => m.text)).toEqual(['Needs a person', 'Root']);
    const thread = await client.conversations.replies({ channel, ts: root });
    expect(thread.messages?.map((m) => m.text)).toEqual(['Root', 'Step 1', 'Needs a person']);
    expect(thread.messages?.[0]).toMatchObject({ reply_count: 2, latest_reply: shown, thread_ts: root });
    const reply = client.chat.postMessage({ channel, text: 'deeper', thread_ts: shown });
    expect(await refusal(reply)).toBe('cannot_reply_to_message');
  });

  it('whose root was deleted stands in the channel and says so by lacking thread_ts', async () => {
    const root = await post('Root');
    await slack.person('U0ONCALL').delete(slack.person('U0ONCALL').message(/Root/)!);
    const answer = await client.chat.postMessage({ channel, text: 'Orphan', thread_ts: root });
    expect(answer.message).not.toHaveProperty('thread_ts');
    expect(await refusal(client.chat.update({ channel, ts: root, text: 'x' }))).toBe('message_not_found');
  });

  it('keeps its metadata through edits and shows it only when all metadata is asked for', async () => {
    const metadata = { event_type: 'rollback_slot', event_payload: { key: 'root' } };
    const ts = await post('Root', { metadata });
    await client.chat.update({ channel, ts, text: 'Edited' });
    const [without, withAll] = await Promise.all([
      client.conversations.history({ channel }),
      client.conversations.history({ channel, include_all_metadata: true }),
    ]);
    expect(without.messages?.[0]?.metadata).toEqual({ event_type: 'rollback_slot', event_payload: {} });
    expect(withAll.messages?.[0]?.metadata).toEqual(metadata);
    const wrong = client.chat.postMessage({ channel, text: 'x', metadata: { event_type: 'a b', event_payload: {} } });
    expect(await refusal(wrong)).toBe('invalid_metadata_format');
  });

  it('can be for one person only, who must be in the channel', async () => {
    await client.chat.postEphemeral({ channel, user: 'U0ONCALL', text: 'Only you', blocks: [section('Only you')] });
    expect(slack.person('U0ONCALL').message(/Only you/)).toMatchObject({ ephemeral: true });
    expect(slack.person('U0LEAD').message(/Only you/)).toBeUndefined();
    expect((await client.conversations.history({ channel })).messages).toEqual([]);
    const stranger = client.chat.postEphemeral({ channel: 'C0DEV', user: 'U0GUEST', text: 'Hi' });
    expect(await refusal(stranger)).toBe('user_not_in_channel');
  });

  it('has an address on this server', async () => {
    const ts = await post('Root');
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
    expect(permalink).toBe(`${slack.url}/archives/${channel}/p${ts.replace('.', '')}`);
  });

  it('is read page by page, within bounds', async () => {
    const stamps: string[] = [];
    for (const n of [1, 2, 3, 4, 5]) stamps.push(await post(`Number ${n}`));
    const first = await client.conversations.history({ channel, limit: 2 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await client.conversations.history({ channel, limit: 2, cursor });
    expect([first, second].flatMap((p) => p.messages?.map((m) => m.text))).toEqual([
      'Number 5',
      'Number 4',
      'Number 3',
      'Number 2',
    ]);
    const after = await client.conversations.history({ channel, oldest: stamps[3]! });
    expect(after.messages?.map((m) => m.text)).toEqual(['Number 5']);
    const from = await client.conversations.history({ channel, oldest: stamps[3]!, inclusive: true });
    expect(from.messages).toHaveLength(2);
  });

  const refusals: [string, () => Promise<unknown>][] = [
    ['channel_not_found', () => client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })],
    ['not_in_channel', () => client.chat.postMessage({ channel: 'C0GENERAL', text: 'x' })],
    ['no_text', () => client.chat.postMessage({ channel, text: '' })],
    ['msg_too_long', () => client.chat.postMessage({ channel, text: 'x'.repeat(40_001) })],
    ['message_not_found', () => client.chat.update({ channel, ts: '1.000001', text: 'x' })],
    ['thread_not_found', () => client.conversations.replies({ channel, ts: '1.000001' })],
    ['unknown_method', () => client.apiCall('chat.shout', { channel })],
    ['missing_scope', () => client.reactions.add({ channel, name: 'eyes', timestamp: '1.0' })],
    ['invalid_arguments', () => client.apiCall('chat.update', { channel })],
  ];
  it.each(refusals)('is refused with %s', async (error, call) => {
    expect(await refusal(call())).toBe(error);
  });

  it('is refused in an archived channel, and edited only by its author', async () => {
    await slack.person('U0ONCALL').type('#incidents', 'my own words');
    const { ts } = slack.person('U0ONCALL').message(/my own/)!;
    expect(await refusal(client.chat.update({ channel, ts, text: 'x' }))).toBe('cant_update_message');
    expect(await refusal(client.chat.delete({ channel, ts }))).toBe('cant_delete_message');
    slack.workspace.channels.get(channel)!.isArchived = true;
    expect(await refusal(client.chat.postMessage({ channel, text: 'x' }))).toBe('is_archived');
  });

  it('longer than 4,000 characters can be posted but not written into an edit', async () => {
    const ts = await post('x'.repeat(4001));
    expect(await refusal(client.chat.update({ channel, ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long');
  });

  it('gives ids to blocks and elements that have none', async () => {
    const { action_id: _, ...anonymous } = button('Open', { url: 'https://example.com' });
    const blocks = [{ type: 'actions' as const, elements: [anonymous] }];
    const answer = await client.chat.postMessage({ channel, text: 'Link', blocks });
    expect(answer.message?.blocks?.[0]).toMatchObject({
      block_id: expect.any(String),
      elements: [{ action_id: expect.any(String) }],
    });
  });
});
