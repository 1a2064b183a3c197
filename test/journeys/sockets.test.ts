import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';

let night: Journey;
beforeEach(async () => {
  night = await startJourney();
});
afterEach(() => night.stop());

const listening = (): number => night.slack.core.sockets.size;

/** A command typed at this very instant: Slack has a socket for it, and it is answered. */
async function serves(text: string): Promise<void> {
  expect(await night.maya.type('#incidents', `/rollback ${text}`)).toEqual({ ok: true });
  await night.until(`“${text}” is answered`, () => night.maya.message(/No rollback is running|Nothing happens before/));
}

it('both sockets are warned at once: the next two are open before the old ones go, and no command is lost', async () => {
  const { slack, clock } = night;
  slack.faults.warnSockets();
  await serves('status');
  await night.until('two more sockets', () => slack.core.sockets.connections === 4);
  clock.advance(10_000);
  expect(listening()).toBe(2);
  await serves('help');
  await night.until('the old ones are closed', () => listening() === 2);
  expect(night.troubles).toEqual([]);
});

it('sockets that were opened together do not come of age together', async () => {
  const { slack, clock } = night;
  clock.advance(10 * 60_000);
  await night.until('the second one is begun anew', () => slack.core.sockets.connections === 3);
  slack.faults.expireSockets(10 * 60_000);
  expect(listening()).toBe(1);
  await serves('status');
  await night.until('two sockets', () => listening() === 2);
  expect(night.troubles).toEqual([]);
});

it('both are refreshed in one instant and without a warning: they are back at once, and nobody is left in silence', async () => {
  const { maya, slack } = night;
  slack.faults.refreshSockets();
  expect(await maya.type('#incidents', '/rollback status')).toEqual({ ok: false, error: 'dispatch_failed' });
  await night.until('two sockets', () => listening() === 2);
  await serves('status');
});
