/** A small Bolt app that shows the page everything it has to draw: a form with every kind of field, a second view, checklists, files. */
import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (text: string, description?: string) => ({
  text: plain(text),
  value: text,
  ...(description ? { description: plain(description) } : {}),
});
export const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

const versions = ['v1.4.2', 'v1.4.1', 'v1.4.0', 'v1.3.9'];

/** `environment` is what the form shows below its fields; changing it gives that block another id, all others keep theirs. */
export const form = (environment = 'production'): ModalView => ({
  type: 'modal',
  callback_id: 'form',
  notify_on_close: true,
  title: plain('Roll back'),
  submit: plain('Roll back 1 service'),
  close: plain('Cancel'),
  blocks: [
    {
      type: 'input',
      block_id: 'environment',
      dispatch_action: true,
      label: plain('Environment'),
      element: {
        type: 'static_select',
        action_id: 'environment',
        options: ['production', 'staging'].map((name) => option(name)),
        initial_option: option(environment),
      },
    },
    {
      type: 'input',
      block_id: 'services',
      label: plain('Services'),
      element: {
        type: 'multi_static_select',
        action_id: 'services',
        options: ['auth-service', 'content-service'].map((name) => option(name)),
        initial_options: [option('auth-service')],
      },
    },
    {
      type: 'input',
      block_id: 'version',
      optional: true,
      label: plain('Version'),
      element: { type: 'external_select', action_id: 'version', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'kind',
      label: plain('Why'),
      element: { type: 'radio_buttons', action_id: 'kind', options: [option('Error rate'), option('Health check')] },
    },
    {
      type: 'input',
      block_id: `reason-${environment}`,
      optional: true,
      label: plain('In your words'),
      element: { type: 'plain_text_input', action_id: 'reason', max_length: 40 },
    },
    {
      type: 'section',
      block_id: 'plan',
      text: { type: 'mrkdwn', text: `*auth-service* in ${environment}` },
      accessory: { type: 'button', action_id: 'details', text: plain('Details') },
    },
  ],
});

const details: ModalView = {
  type: 'modal',
  callback_id: 'details',
  title: plain('auth-service'),
  close: plain('Back'),
  blocks: [section('```\n- image: auth:v1.4.3\n+ image: auth:v1.4.2\n```')],
};

/** A message with a checklist and a button that asks before it acts. */
export const checklist = (ticked: string[]): KnownBlock[] => [
  {
    type: 'actions',
    block_id: `checks-${ticked.length}`,
    elements: [
      {
        type: 'checkboxes',
        action_id: 'checks',
        options: ['login works', 'products load'].map((name) => option(name)),
        ...(ticked.length > 0 ? { initial_options: ticked.map((name) => option(name)) } : {}),
      },
    ],
  },
  {
    type: 'actions',
    block_id: 'undo',
    elements: [
      {
        type: 'button',
        action_id: 'undo',
        style: 'danger',
        text: plain('Undo…'),
        confirm: {
          title: plain('Undo the rollback?'),
          text: { type: 'mrkdwn', text: 'auth-service goes *forward* again.' },
          confirm: plain('Undo'),
          deny: plain('Keep'),
        },
      },
    ],
  },
];

/** Lets the app answer; what was submitted, closed and clicked goes to `heard`, in order. */
export function listen(app: App, heard: string[]): void {
  app.command('/rollback', async ({ ack, command, client, respond }) => {
    await ack();
    if (command.text === 'help') await respond({ response_type: 'ephemeral', text: 'Type `/rollback auth-service`.' });
    else await client.views.open({ trigger_id: command.trigger_id, view: form() });
  });
  app.action('environment', async ({ ack, body, payload, client }) => {
    await ack();
    const chosen = payload as unknown as { selected_option: { value: string } };
    const view = (body as unknown as { view: { id: string } }).view;
    await client.views.update({ view_id: view.id, view: form(chosen.selected_option.value) });
  });
  app.action('details', async ({ ack, body, client }) => {
    await ack();
    await client.views.push({ trigger_id: (body as unknown as { trigger_id: string }).trigger_id, view: details });
  });
  app.options('version', async ({ ack, payload }) => {
    const found = versions.filter((version) => version.includes(payload.value));
    await ack({ options: found.map((version) => option(version, 'ran well for 6 days')) });
  });
  app.view('form', async ({ ack, view }) => {
    const reason = Object.entries(view.state.values).find(([id]) => id.startsWith('reason'));
    if (reason?.[1]['reason']?.value) {
      heard.push(`submitted ${JSON.stringify(view.state.values)}`);
      await ack();
    } else await ack({ response_action: 'errors', errors: { [reason?.[0] ?? '']: 'Say why in a few words.' } });
  });
  app.view({ type: 'view_closed', callback_id: 'form' }, async ({ ack }) => {
    heard.push('closed');
    await ack();
  });
  app.action('checks', async ({ ack, payload, client, body }) => {
    await ack();
    const ticked = (payload as unknown as { selected_options: { value: string }[] }).selected_options.map(
      (o) => o.value,
    );
    heard.push(`ticked ${ticked.join(', ')}`);
    const { channel, message } = body as unknown as { channel: { id: string }; message: { ts: string } };
    await client.chat.update({ channel: channel.id, ts: message.ts, text: 'Checklist', blocks: checklist(ticked) });
  });
  app.action('undo', async ({ ack }) => {
    heard.push('undone');
    await ack();
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [section('*No rollback runs.*')] },
    });
  });
}
