import { describe, expect, it } from '@jest/globals';
import type { MessageView, Snapshot } from '#playground/slack/client-protocol.ts';
import { pageModule } from './page-module.ts';

const { applyEvent, emptyWorkspace } = await pageModule('state/workspace.js');

const message = (ts: string, more: Partial<MessageView> = {}): MessageView => ({
  channel: 'C0INCIDENT',
  ts,
  user: 'U0BOT',
  text: `message ${ts}`,
  ...more,
});

const snapshot = (messages: MessageView[]): Snapshot => ({
  me: { id: 'U0ONCALL', name: 'maya', realName: 'Maya Chen', role: '', isBot: false, isRestricted: false, color: '' },
  users: [],
  usergroups: [],
  channels: [],
  messages,
  commands: [],
  shortcuts: [],
  app: { id: 'A0', name: 'rollback-bot', botUser: 'U0BOT', connected: true },
  views: [],
  now: 5000,
});

const opened = (...messages: MessageView[]) =>
  applyEvent(emptyWorkspace, { type: 'snapshot', snapshot: snapshot(messages) }, 1000);
const timestamps = (list: MessageView[]) => list.map(({ ts }) => ts);

describe('the workspace of the page', () => {
  it('keeps replies in their thread and shows broadcasts in both places', () => {
    const state = opened(
      message('1.0'),
      message('2.0', { threadTs: '1.0' }),
      message('3.0', { threadTs: '1.0', broadcast: true }),
    );
    expect(timestamps(state.timelines['C0INCIDENT'])).toEqual(['1.0', '3.0']);
    expect(timestamps(state.threads['C0INCIDENT/1.0'])).toEqual(['2.0', '3.0']);
  });

  it('replaces an edited message at its place and leaves the other objects alone', () => {
    const before = opened(message('1.0'), message('2.0'));
    const after = applyEvent(before, { type: 'message', message: message('1.0', { text: 'edited' }) }, 1000);
    const [first, second] = after.timelines['C0INCIDENT'];
    expect(first.text).toBe('edited');
    expect(second).toBe(before.timelines['C0INCIDENT'][1]);
  });

  it('puts a late message where its time belongs', () => {
    const state = applyEvent(
      opened(message('1.0'), message('3.0')),
      { type: 'message', message: message('2.0') },
      1000,
    );
    expect(timestamps(state.timelines['C0INCIDENT'])).toEqual(['1.0', '2.0', '3.0']);
  });

  it('forgets a deleted reply wherever it stood', () => {
    const before = opened(message('1.0'), message('2.0', { threadTs: '1.0', broadcast: true }));
    const after = applyEvent(before, { type: 'message_deleted', channel: 'C0INCIDENT', ts: '2.0' }, 1000);
    expect(timestamps(after.timelines['C0INCIDENT'])).toEqual(['1.0']);
    expect(after.threads['C0INCIDENT/1.0']).toEqual([]);
  });

  it('follows the clock of the world', () => {
    const skipped = applyEvent(opened(), { type: 'clock', now: 901_000 }, 1000);
    expect([opened().aheadMs, skipped.aheadMs]).toEqual([4000, 900_000]);
  });

  it('shows what Slackbot says where it belongs, to this person only', () => {
    const state = applyEvent(opened(), { type: 'slackbot', channel: 'C0INCIDENT', text: 'it failed' }, 1000);
    expect(state.timelines['C0INCIDENT']).toMatchObject([{ user: 'USLACKBOT', ephemeral: true, text: 'it failed' }]);
  });

  it('drops field errors with the view they belong to', () => {
    const failed = applyEvent(opened(), { type: 'view_errors', viewId: 'V1', errors: { reason: 'why?' } }, 1000);
    expect(failed.errors.fields).toEqual({ reason: 'why?' });
    expect(applyEvent(failed, { type: 'views', views: [] }, 1000).errors).toBeUndefined();
  });
});
