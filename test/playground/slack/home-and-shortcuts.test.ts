import { afterEach, describe, expect, it } from '@jest/globals';
import { button, refusal, section } from './builders.ts';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
afterEach(() => connected.stop());

const home = (words: string) => ({
  type: 'home' as const,
  blocks: [section(words), { type: 'actions' as const, elements: [button('Refresh')] }],
});

describe('the Home tab', () => {
  it('is published when it is opened, and its buttons work', async () => {
    let pressedOn: unknown;
    connected = await connect((app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: home('Nothing is rolling back.') });
      });
      app.action('refresh', async ({ ack, body }) => {
        pressedOn = body;
        await ack();
      });
    });
    const maya = connected.slack.person('U0ONCALL');
    await maya.openHome();
    expect(await until(() => maya.home())).toBe('Nothing is rolling back.\n[Refresh]');
    expect(connected.slack.person('U0LEAD').home()).toBeUndefined();
    await maya.click('Refresh', 'home');
    expect(pressedOn).toMatchObject({ container: { type: 'view' }, view: { type: 'home' } });
  });

  it('takes no modal and no view of an unknown person', async () => {
    connected = await connect();
    const { client } = connected;
    const unknown = client.views.publish({ user_id: 'U0NOBODY', view: home('x') });
    expect(await refusal(unknown)).toBe('invalid_arguments');
  });
});

describe('a message shortcut', () => {
  it('hands over the message and where it stands', async () => {
    let body: unknown;
    connected = await connect((app) =>
      app.shortcut({ callback_id: 'rollback_from_message', type: 'message_action' }, async ({ ack, body: given }) => {
        body = given;
        await ack();
      }),
    );
    const { slack } = connected;
    slack.post({ user: 'U0ALERTS', channel: 'C0INCIDENT', text: '[FIRING] auth-service is down' });
    const maya = slack.person('U0ONCALL');
    await maya.messageShortcut('Roll back because of it', maya.message(/FIRING/)!);
    expect(body).toMatchObject({
      callback_id: 'rollback_from_message',
      channel: { id: 'C0INCIDENT' },
      message: { user: 'U0ALERTS', text: '[FIRING] auth-service is down' },
      trigger_id: expect.any(String),
      response_url: expect.stringContaining(slack.url),
    });
  });

  it('exists only as the manifest says', async () => {
    connected = await connect();
    expect(() => connected.slack.person('U0ONCALL').shortcut('Deploy')).toThrow(/no global shortcut "Deploy"/);
  });
});
