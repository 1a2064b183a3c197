import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientEvent, MessageView, Snapshot } from '#playground/slack/client-protocol.ts';
import { worldClock } from '#playground/clock.ts';
import { startSlack } from '#playground/slack/server.ts';
import type { EmulatedSlack } from '#playground/slack/server.ts';
import { manifest, until } from './bolt-app.ts';

let slack: EmulatedSlack;
let open: AbortController;
beforeEach(async () => {
  slack = await startSlack({ clock: worldClock({ unref: true }), manifest: manifest() });
  open = new AbortController();
});
afterEach(async () => {
  open.abort();
  await slack.stop();
});

/** A client's event stream, read until the test ends. */
async function listen(user: string): Promise<ClientEvent[]> {
  const events: ClientEvent[] = [];
  const response = await fetch(`${slack.url}/client/events?user=${user}`, { signal: open.signal });
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) events.push(JSON.parse(part.replace(/^data: /, '')) as ClientEvent);
    }
  };
  read().catch(() => undefined);
  await until(() => events.length > 0);
  return events;
}

const act = async (action: string, body: object): Promise<unknown> => {
  const response = await fetch(`${slack.url}/client/${action}`, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
};

const snapshotOf = (events: ClientEvent[]): Snapshot => (events[0] as { snapshot: Snapshot }).snapshot;

describe('a client', () => {
  it('begins with everything its person may see', async () => {
    slack.post({ user: 'U0ALERTS', channel: 'C0INCIDENT', text: '[FIRING] auth-service' });
    const seen = snapshotOf(await listen('U0ONCALL'));
    expect(seen.me).toMatchObject({ id: 'U0ONCALL', realName: 'Maya Chen' });
    expect(seen.channels.map((c) => c.name)).toEqual([
      'incidents',
      'staging-deploys',
      'dev-deploys',
      'general',
      'rollback-bot',
    ]);
    expect(seen.commands.map((c) => c.command)).toEqual(['/rollback']);
    expect(seen.shortcuts.map((s) => s.callbackId)).toEqual([
      'rollback_open',
      'rollback_from_message',
      'add_to_timeline',
    ]);
    expect(seen.usergroups).toContainEqual({ id: 'S0LEADS', handle: 'oncall-leads' });
    expect(seen.messages.map((m) => m.text)).toEqual(['[FIRING] auth-service']);
    expect(seen.app.connected).toBe(false);
  });

  it('hears what others type, and Slackbot only when it is meant', async () => {
    const [maya, ines] = await Promise.all([listen('U0ONCALL'), listen('U0LEAD')]);
    expect(await act('type', { user: 'U0ONCALL', channel: 'C0INCIDENT', text: 'a <b> & c' })).toEqual({ ok: true });
    await act('type', { user: 'U0ONCALL', channel: 'C0INCIDENT', text: '/rollback' });
    await until(() => maya.some((e) => e.type === 'slackbot') && ines.some((e) => e.type === 'message'));
    expect(ines.filter((e) => e.type === 'message')).toMatchObject([{ message: { text: 'a &lt;b&gt; &amp; c' } }]);
    expect(ines.some((e) => e.type === 'slackbot')).toBe(false);
  });

  it('keeps up with two hundred messages and twice as many edits', async () => {
    const events = await listen('U0ONCALL');
    for (let n = 0; n < 200; n += 1) slack.post({ user: 'U0ALERTS', channel: 'C0INCIDENT', text: `alert ${n}` });
    for (const message of slack.workspace.messages.of('C0INCIDENT')) {
      for (const suffix of ['edited', 'edited again']) {
        message.text = `${message.text} ${suffix}`;
        slack.workspace.messages.changed(message);
      }
    }
    const last = (): Map<string, MessageView> =>
      new Map(events.flatMap((e) => (e.type === 'message' ? [[e.message.ts, e.message]] : [])));
    await until(() => last().size === 200 && [...last().values()].every((m) => m.text.endsWith('again')));
    expect(events.length).toBeLessThan(300);
    expect(snapshotOf(await listen('U0LEAD')).messages).toHaveLength(200);
  });

  it('starts over when everybody does', async () => {
    const events = await listen('U0ONCALL');
    slack.post({ user: 'U0ALERTS', channel: 'C0INCIDENT', text: 'gone soon' });
    slack.reset();
    await until(() => events.filter((e) => e.type === 'snapshot').length === 2);
    expect((events.at(-1) as { snapshot: Snapshot }).snapshot.messages).toEqual([]);
  });

  it('is told what was wrong with a request', async () => {
    expect(await act('submit', { user: 'U0ONCALL' })).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(await act('type', { user: 'U0NOBODY', channel: 'C0INCIDENT', text: 'x' })).toEqual({
      ok: false,
      error: 'user_not_found',
    });
    const response = await fetch(`${slack.url}/client/events?user=U0NOBODY`);
    expect([response.status, await response.json()]).toEqual([404, { ok: false, error: 'user_not_found' }]);
  });

  it('shares its server with whatever else is mounted', async () => {
    slack.mount('/', (_request, response) => response.end('the page'));
    slack.mount('/world/', (_request, response) => response.end('the world'));
    const texts = ['/', '/world/events', '/archives/C0INCIDENT'].map(async (path) =>
      (await fetch(slack.url + path)).text(),
    );
    expect(await Promise.all(texts)).toEqual(['the page', 'the world', 'the page']);
  });
});
