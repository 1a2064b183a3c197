import { afterEach, describe, expect, it } from '@jest/globals';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
afterEach(() => connected.stop());

describe('a slash command', () => {
  it('reaches the app with its text untouched and its answer is seen by the typist only', async () => {
    const seen: object[] = [];
    connected = await connect((app) =>
      app.command('/rollback', async ({ command, ack }) => {
        seen.push({ text: command.text, user: command.user_id, channel: command.channel_id });
        await ack({ text: 'Looking…' });
      }),
    );
    const maya = connected.slack.person('U0ONCALL');
    expect(await maya.type('#incidents', '/rollback auth-service “prod” <@U0LEAD> & co')).toEqual({ ok: true });
    expect(seen).toEqual([{ text: 'auth-service “prod” <@U0LEAD> & co', user: 'U0ONCALL', channel: 'C0INCIDENT' }]);
    expect(maya.message(/Looking/)).toMatchObject({ ephemeral: true, user: 'U0BOT', channel: 'C0INCIDENT' });
    expect(connected.slack.person('U0BACKEND').message(/Looking/)).toBeUndefined();
  });

  it('fails with operation_timeout when the app does not acknowledge within three seconds', async () => {
    connected = await connect((app) => app.command('/rollback', async () => {}));
    const maya = connected.slack.person('U0ONCALL');
    const typed = maya.type('#incidents', '/rollback');
    connected.clock.advance(3000);
    expect(await typed).toEqual({ ok: false, error: 'operation_timeout' });
    expect(maya.notices()).toEqual(['/rollback failed with the error "operation_timeout"']);
  });

  it('fails with dispatch_failed when no socket is open', async () => {
    connected = await connect();
    connected.slack.faults.dropSockets();
    await until(() => connected.receivers[0]?.client.websocket?.isActive() === false);
    const maya = connected.slack.person('U0ONCALL');
    expect(await maya.type('#incidents', '/rollback')).toEqual({ ok: false, error: 'dispatch_failed' });
  });

  it('does not work in a thread, and unknown commands are not sent', async () => {
    connected = await connect();
    const maya = connected.slack.person('U0ONCALL');
    await maya.type('#incidents', 'is it broken?');
    await maya.type('#incidents', '/rollback', maya.message(/broken/));
    await maya.type('#incidents', '/deploy now');
    expect(maya.notices()).toEqual([
      '/rollback is not supported in threads. Sorry!',
      '/deploy is not a valid command.',
    ]);
  });

  it('can be answered five times through its response_url, and not for longer than thirty minutes', async () => {
    const answers: unknown[] = [];
    connected = await connect((app) =>
      app.command('/rollback', async ({ ack, respond }) => {
        await ack();
        for (let i = 1; i <= 6; i += 1) {
          answers.push(
            await respond(`answer ${i}`).then(
              () => i,
              (error: { statusCode: number }) => error.statusCode,
            ),
          );
        }
      }),
    );
    await connected.slack.person('U0ONCALL').type('#incidents', '/rollback');
    await until(() => answers.length === 6);
    expect(answers).toEqual([1, 2, 3, 4, 5, 404]);
  });
});
