import { afterEach, describe, expect, it } from '@jest/globals';
import { eventCoverage, interactionCoverage, methodCoverage, socketCoverage } from '#playground/slack/coverage.ts';
import { methods } from '#playground/slack/methods/index.ts';
import { connect, manifest, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

const tables = { ...methodCoverage, ...interactionCoverage, ...eventCoverage, ...socketCoverage };
const done = (table: typeof tables): string[] =>
  Object.keys(table)
    .filter((name) => table[name]?.state !== 'not')
    .toSorted();

let connected: Connected | undefined;
afterEach(async () => {
  await connected?.stop();
  connected = undefined;
});

describe('the coverage table', () => {
  it('names exactly the methods there are', () => {
    expect(done(methodCoverage)).toEqual(Object.keys(methods).toSorted());
  });

  it('says in one sentence what is missing wherever something is', () => {
    const wrong = Object.entries(tables).filter(([, { state, gap }]) =>
      state === 'supported' ? gap !== undefined : !/^[A-Z].*\.$/.test(gap ?? ''),
    );
    expect(wrong).toEqual([]);
  });

  it('knows every event the manifest asks for', () => {
    expect(done(eventCoverage)).toEqual(expect.arrayContaining(manifest().settings.event_subscriptions.bot_events));
  });

  it('names exactly the interactions and events that reach the app', async () => {
    const seen = new Set<string>();
    const modal = {
      type: 'modal' as const,
      notify_on_close: true,
      title: { type: 'plain_text' as const, text: 'Form' },
      submit: { type: 'plain_text' as const, text: 'Send' },
      blocks: [
        {
          type: 'input' as const,
          block_id: 'target',
          optional: true,
          dispatch_action: true,
          label: { type: 'plain_text' as const, text: 'Target' },
          element: { type: 'external_select' as const, action_id: 'target', min_query_length: 0 },
        },
      ],
    };
    connected = await connect((app) => {
      app.use(async ({ body, next }) => {
        const { command, event } = body as { command?: string; event?: { type: string } };
        seen.add(command ? 'slash_commands' : (event?.type ?? (body as { type: string }).type));
        await next();
      });
      app.command('/rollback', async ({ ack, client, body }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: modal });
      });
      app.shortcut(/.*/, async ({ ack }) => ack());
      app.options(/.*/, ({ ack }) => ack({ options: [{ text: { type: 'plain_text', text: 'v1.4.2' }, value: '42' }] }));
      app.action(/.*/, ({ ack }) => ack());
      app.view(/.*/, ({ ack }) => ack());
      app.view({ type: 'view_closed' }, ({ ack }) => ack());
      app.event('app_home_opened', async () => {});
    });
    const maya = connected.slack.person('U0ONCALL');
    await maya.type('#incidents', '/rollback');
    await until(() => maya.modal());
    await maya.select('Target', 'v1.4.2');
    await maya.submit();
    await maya.type('#incidents', '/rollback');
    await until(() => maya.modal());
    await maya.close();
    await maya.shortcut('Roll back…');
    await maya.type('#incidents', 'it broke');
    await maya.messageShortcut('Add to the timeline', maya.sees('#incidents').at(-1)!);
    await maya.openHome();
    expect([...seen].toSorted()).toEqual([...done(interactionCoverage), ...done(eventCoverage)].toSorted());
  });
});
