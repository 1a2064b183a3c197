import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { connect, until, webClient } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
afterEach(() => connected.stop());

const isActive = ({ receivers }: Connected, index: number): boolean =>
  receivers[index]?.client.websocket?.isActive() === true;

/** Counts the commands that reach the app, and acknowledges them. */
const counting = (texts: string[]) => (app: App) =>
  app.command('/rollback', async ({ command, ack }: SlackCommandMiddlewareArgs & AllMiddlewareArgs) => {
    texts.push(command.text);
    await ack();
  });

describe('several sockets', () => {
  it('share the envelopes: each goes to one of them', async () => {
    const texts: string[] = [];
    connected = await connect(counting(texts), { sockets: 2 });
    const perSocket = connected.receivers.map((receiver) => {
      const seen: string[] = [];
      receiver.client.on('slack_event', ({ envelope_id: id }: { envelope_id: string }) => seen.push(id));
      return seen;
    });
    for (const n of ['1', '2', '3', '4']) await connected.slack.person('U0ONCALL').type('#incidents', `/rollback ${n}`);
    expect(texts).toEqual(['1', '2', '3', '4']);
    expect(perSocket.map((seen) => seen.length)).toEqual([2, 2]);
  });

  it('are told to reconnect, and one that is leaving gets nothing more', async () => {
    const texts: string[] = [];
    connected = await connect(counting(texts), { sockets: 1 });
    connected.slack.faults.refreshSockets();
    const maya = connected.slack.person('U0ONCALL');
    expect(await maya.type('#incidents', '/rollback in the gap')).toEqual({ ok: false, error: 'dispatch_failed' });
    await until(() => connected.slack.core.sockets.size === 1, 'the reconnect');
    expect(await maya.type('#incidents', '/rollback afterwards')).toEqual({ ok: true });
    expect(texts).toEqual(['afterwards']);
  });

  it('are at most ten', async () => {
    connected = await connect();
    const opener = webClient(connected.slack, connected.slack.tokens.app);
    const first: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      const { url } = await opener.apps.connections.open({});
      const socket = new WebSocket(url!);
      const [hello] = await new Promise<Buffer[]>((resolve) =>
        socket.once('message', (...args) => resolve(args as Buffer[])),
      );
      first.push((JSON.parse(String(hello)) as { type: string; reason?: string }).reason ?? 'hello');
    }
    expect(first).toEqual([...Array<string>(9).fill('hello'), 'too_many_websockets']);
  });

  it('need a fresh address each', async () => {
    connected = await connect();
    const { url } = await webClient(connected.slack, connected.slack.tokens.app).apps.connections.open({});
    const connectTo = async (): Promise<number | 'hello'> => {
      const socket = new WebSocket(url!);
      return new Promise((resolve) => {
        socket.once('message', () => resolve('hello'));
        socket.once('close', (code) => resolve(code));
      });
    };
    expect([await connectTo(), await connectTo()]).toEqual(['hello', 1008]);
  });
});

describe('an envelope', () => {
  it('can be sent twice, under one id or two', async () => {
    const texts: string[] = [];
    connected = await connect(counting(texts), { sockets: 2 });
    connected.slack.faults.duplicateEnvelopes(1, true);
    await connected.slack.person('U0ONCALL').type('#incidents', '/rollback twice');
    await until(() => texts.length === 2);
    expect(texts).toEqual(['twice', 'twice']);
  });

  it('whose acknowledgement is lost shows as failed, though the app did its work', async () => {
    const texts: string[] = [];
    connected = await connect(counting(texts));
    connected.slack.faults.acksToLose = 1;
    const typed = connected.slack.person('U0ONCALL').type('#incidents', '/rollback once');
    await until(() => texts.length === 1);
    await until(() => connected.slack.faults.acksToLose === 0);
    connected.clock.advance(3000);
    expect(await typed).toEqual({ ok: false, error: 'operation_timeout' });
  });
});

describe('an event', () => {
  it('is delivered again at once, after one and after five minutes, until it is acknowledged', async () => {
    const retries: (number | undefined)[] = [];
    connected = await connect((app) =>
      app.event('app_home_opened', async ({ context }) => {
        retries.push(context.retryNum);
      }),
    );
    connected.slack.faults.acksToLose = 3;
    const opened = connected.slack.person('U0ONCALL').openHome();
    for (const [lost, waitMs] of [
      [1, 0],
      [2, 54_000],
      [3, 237_000],
    ] as const) {
      await until(() => retries.length === lost && connected.slack.faults.acksToLose === 3 - lost);
      connected.clock.advance(3000);
      await new Promise((resolve) => setImmediate(resolve));
      connected.clock.advance(waitMs);
    }
    expect(await opened).toEqual({ ok: false, error: 'operation_timeout' });
    await until(() => retries.length === 4);
    expect(retries).toEqual([0, 1, 2, 3]);
  });
});

describe('a socket', () => {
  /** What a plain WebSocket beside the app's is told while this happens. */
  async function told(count: number, happen: () => void): Promise<string[]> {
    connected = await connect();
    const reasons: string[] = [];
    const { url } = await webClient(connected.slack, connected.slack.tokens.app).apps.connections.open({});
    const socket = new WebSocket(url!);
    socket.on('message', (raw: Buffer) => {
      reasons.push((JSON.parse(String(raw)) as { reason?: string }).reason ?? 'hello');
    });
    await until(() => reasons.length === 1);
    happen();
    await until(() => reasons.length === count);
    socket.terminate();
    await until(() => connected.slack.core.sockets.size === 1 && isActive(connected, 0), 'the reconnect');
    return reasons;
  }

  it('is warned ten seconds before it must go', async () => {
    const reasons = await told(3, () => {
      connected.slack.faults.warnSockets();
      connected.clock.advance(10_000);
    });
    expect(reasons).toEqual(['hello', 'warning', 'refresh_requested']);
  });

  it('hears when its link is disabled', async () => {
    expect(await told(2, () => connected.slack.faults.disableLink())).toEqual(['hello', 'link_disabled']);
  });

  it('hears when there are too many', async () => {
    expect(await told(2, () => connected.slack.faults.tooManySockets())).toEqual(['hello', 'too_many_websockets']);
  });
});

describe('a dropped socket', () => {
  it('is noticed by the app and by people', async () => {
    connected = await connect();
    const seen: boolean[] = [];
    connected.slack.workspace.changes.listen((change) => void (change.type === 'app' && seen.push(change.connected)));
    connected.slack.faults.dropSockets();
    await until(() => !isActive(connected, 0));
    await until(() => isActive(connected, 0));
    await until(() => seen.length === 2);
    expect(seen).toEqual([false, true]);
  });
});
