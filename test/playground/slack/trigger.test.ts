import { afterEach, describe, expect, it } from '@jest/globals';
import { modal, refusal } from './builders.ts';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
afterEach(() => connected.stop());

/** A trigger as an app gets it from a global shortcut. */
async function freshTrigger(): Promise<string> {
  const triggers: string[] = [];
  connected = await connect((app) =>
    app.shortcut('rollback_open', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack();
    }),
  );
  await connected.slack.person('U0ONCALL').shortcut('Roll back…');
  return until(() => triggers[0]);
}

describe('a trigger', () => {
  it('opens one modal and no second', async () => {
    const trigger = await freshTrigger();
    const open = () => refusal(connected.client.views.open({ trigger_id: trigger, view: modal('Form') }));
    expect([await open(), await open()]).toEqual(['ok', 'exchanged_trigger_id']);
  });

  it('is dead after three seconds', async () => {
    const trigger = await freshTrigger();
    connected.clock.advance(3001);
    const late = connected.client.views.open({ trigger_id: trigger, view: modal('Form') });
    expect(await refusal(late)).toBe('expired_trigger_id');
  });

  it('cannot be invented', async () => {
    await freshTrigger();
    const invented = connected.client.views.open({ trigger_id: '1.2.3', view: modal('Form') });
    expect(await refusal(invented)).toBe('invalid_trigger_id');
  });
});
