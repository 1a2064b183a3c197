import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { button, option, plain, section } from './builders.ts';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

const channel = 'C0INCIDENT';
let connected: Connected;
afterEach(() => connected.stop());

const withButton = [
  section('*ROLLBACK REQUESTED*'),
  {
    type: 'actions' as const,
    block_id: 'decide',
    elements: [button('Approve: roll back 9', { value: 'rb-1', style: 'danger' })],
  },
];

async function postButton(listen: (app: App) => void): Promise<void> {
  connected = await connect(listen);
  await connected.client.chat.postMessage({ channel, text: 'Requested', blocks: withButton });
}

describe('a button on a message', () => {
  it('tells the app who pressed it, where, and its value', async () => {
    let body: BlockAction | undefined;
    await postButton((app) =>
      app.action('approve_roll_back_9', async ({ ack, body: given }) => {
        body = given as BlockAction;
        await ack();
      }),
    );
    const lead = connected.slack.person('U0LEAD');
    expect(await lead.click('Approve: roll back 9')).toEqual({ ok: true });
    expect(body).toMatchObject({
      user: { id: 'U0LEAD', username: 'ines' },
      channel: { id: channel, name: 'incidents' },
      container: { type: 'message', is_ephemeral: false },
      message: { text: 'Requested', user: 'U0BOT' },
      actions: [{ action_id: 'approve_roll_back_9', block_id: 'decide', value: 'rb-1', type: 'button' }],
    });
  });

  it('is taken away through the response_url', async () => {
    await postButton((app) =>
      app.action('approve_roll_back_9', async ({ ack, respond, body }) => {
        await ack();
        await respond({ replace_original: true, text: `Approved by <@${body.user.id}>` });
      }),
    );
    const lead = connected.slack.person('U0LEAD');
    await lead.click(/Approve/);
    expect(await until(() => lead.message(/Approved by/))).toMatchObject({ reads: 'Approved by @Inés Duarte' });
    expect(lead.sees('#incidents')).toHaveLength(1);
  });

  it('pressed by two people at once reaches the app twice', async () => {
    const pressed: string[] = [];
    await postButton((app) =>
      app.action<BlockAction<ButtonAction>>('approve_roll_back_9', async ({ ack, body }) => {
        pressed.push(body.user.id);
        await ack();
      }),
    );
    const people = ['U0LEAD', 'U0NOTALLOWED'].map((id) => connected.slack.person(id));
    await Promise.all(people.map((person) => person.click(/Approve/)));
    expect(pressed.toSorted()).toEqual(['U0LEAD', 'U0NOTALLOWED']);
  });

  it('shows trouble when the app says nothing', async () => {
    await postButton((app) => app.action('approve_roll_back_9', async () => {}));
    const lead = connected.slack.person('U0LEAD');
    const click = lead.click(/Approve/);
    connected.clock.advance(3000);
    expect(await click).toEqual({ ok: false, error: 'operation_timeout' });
    expect(lead.notices().join()).toMatch(/trouble connecting/);
  });

  it('that is not there is an error which says what is', async () => {
    await postButton(() => {});
    const lead = connected.slack.person('U0LEAD');
    expect(() => lead.click('Reject')).toThrow(/does not see "Reject"[^]*\[Approve: roll back 9\]/);
  });
});

describe('checkboxes on a message', () => {
  const boxes = (blockId: string, ticked: string[] = []) => [
    section('Checks', {
      block_id: blockId,
      accessory: {
        type: 'checkboxes',
        action_id: 'checks',
        options: [option('login'), option('products')],
        ...(ticked.length > 0 ? { initial_options: ticked.map((name) => option(name)) } : {}),
      },
    }),
  ];

  it('send the whole chosen set, and keep it under the same block_id', async () => {
    const states: unknown[] = [];
    connected = await connect((app) =>
      app.action('checks', async ({ ack, body }) => {
        states.push((body as BlockAction).state?.values['c1']?.['checks']?.selected_options?.map((o) => o.value));
        await ack();
      }),
    );
    const { ts } = await connected.client.chat.postMessage({ channel, text: 'Checks', blocks: boxes('c1') });
    const maya = connected.slack.person('U0ONCALL');
    await maya.check('login');
    await maya.check('products');
    await maya.check('login', { ticked: false });
    expect(states).toEqual([['login'], ['login', 'products'], ['products']]);
    await connected.client.chat.update({ channel, ts: ts!, text: 'Checks', blocks: boxes('c1', ['login']) });
    expect(maya.sees('#incidents').at(-1)?.reads).toBe('Checks\n☐ login\n☑ products');
    await connected.client.chat.update({ channel, ts: ts!, text: 'Checks', blocks: boxes('c2', ['login']) });
    expect(maya.sees('#incidents').at(-1)?.reads).toBe('Checks\n☑ login\n☐ products');
  });
});

describe('a select', () => {
  it('on a message sends the chosen option', async () => {
    let chosen: unknown;
    connected = await connect((app) =>
      app.action('again', async ({ ack, payload }) => {
        chosen = payload;
        await ack();
      }),
    );
    const accessory = {
      type: 'static_select' as const,
      action_id: 'again',
      placeholder: plain('Another version'),
      options: [option('v1.4.1', '41'), option('v1.4.0', '40')],
    };
    await connected.client.chat.postMessage({
      channel,
      text: 'x',
      blocks: [section('Go further back', { accessory })],
    });
    await connected.slack.person('U0ONCALL').select('Another version', 'v1.4.0');
    expect(chosen).toMatchObject({ type: 'static_select', selected_option: { value: '40' } });
  });
});
