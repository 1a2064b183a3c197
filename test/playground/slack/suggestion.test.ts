import { afterEach, describe, expect, it } from '@jest/globals';
import { input, modal, option, plain } from './builders.ts';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
afterEach(() => connected.stop());

const target = (minQueryLength?: number) =>
  modal('Form', {
    blocks: [
      input('target', 'Target', {
        element: {
          type: 'external_select',
          action_id: 'target',
          placeholder: plain('Version'),
          ...(minQueryLength === undefined ? {} : { min_query_length: minQueryLength }),
        },
      }),
    ],
  });

const versions = ['v1.4.2', 'v1.4.1', 'v1.3.9'];

async function openForm(minQueryLength?: number, offered = versions, queries: string[] = []) {
  connected = await connect((app) => {
    app.shortcut('rollback_open', async ({ ack, client, body }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: target(minQueryLength) });
    });
    app.options('target', async ({ ack, payload }) => {
      queries.push(payload.value);
      await ack({ options: offered.filter((v) => v.includes(payload.value)).map((v) => option(v)) });
    });
    app.view('form', async ({ ack }) => ack());
  });
  const maya = connected.slack.person('U0ONCALL');
  await maya.shortcut('Roll back…');
  await until(() => maya.modal());
  return maya;
}

describe('an external select', () => {
  it('lists before typing when the app allows it, and searches', async () => {
    const maya = await openForm(0);
    expect(await maya.suggestions('Target', '')).toEqual(versions);
    expect(await maya.suggestions('Target', '1.4')).toEqual(['v1.4.2', 'v1.4.1']);
    await maya.select('Target', 'v1.3.9', { query: '1.3' });
    expect(maya.modal()?.reads).toBe('Target\n(v1.3.9)');
    expect(await maya.submit()).toEqual({ ok: true });
  });

  it('asks only from three typed characters on when the app says nothing', async () => {
    const queries: string[] = [];
    const maya = await openForm(undefined, versions, queries);
    expect(await maya.suggestions('Target', '1.')).toEqual([]);
    expect(await maya.suggestions('Target', '1.3')).toEqual(['v1.3.9']);
    expect(queries).toEqual(['1.3']);
  });

  it('offers nothing when the app answers with more than a hundred options', async () => {
    const maya = await openForm(
      0,
      Array.from({ length: 101 }, (_, n) => `v${n}`),
    );
    await expect(maya.suggestions('Target', '')).rejects.toThrow('invalid_options');
  });
});
