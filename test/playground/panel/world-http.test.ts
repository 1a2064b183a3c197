import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorldAction, WorldView } from '#playground/world-protocol.ts';
import { createWorldHttp, type WorldHttp } from '#playground/world/http.ts';

let view: WorldView;
let wishes: WorldAction[];
let panel: WorldHttp;
let server: Server;
let address: string;

beforeEach(async () => {
  view = {
    now: 1,
    services: [],
    bot: { state: 'stopped' },
    faults: { slackRateLimited: false, apiServerDown: false, logReadsHang: false },
    slackTroubles: [],
    seed: 1,
  };
  wishes = [];
  panel = createWorldHttp({
    look: () => view,
    change: (action) => {
      if (action.action === 'start-bot') return Promise.reject(new Error('The bot cannot start.'));
      wishes.push(action);
      return Promise.resolve();
    },
  });
  server = createServer((request, response) => {
    void panel.handle(request, response).then((handled) => handled || response.writeHead(404).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  panel.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (action: string, body: object = {}): Promise<Response> =>
  fetch(`${address}/world/${action}`, { method: 'POST', body: JSON.stringify(body) });

/** Pictures as they arrive. */
async function* pictures(): AsyncGenerator<WorldView> {
  const response = await fetch(`${address}/world/events`);
  const decoder = new TextDecoder();
  let held = '';
  for await (const chunk of response.body!) {
    held += decoder.decode(chunk as Uint8Array, { stream: true });
    const events = held.split('\n\n');
    held = events.pop() ?? '';
    for (const event of events) {
      const line = event.split('\n').find((one) => one.startsWith('data: '));
      if (line) yield JSON.parse(line.slice('data: '.length)) as WorldView;
    }
  }
}

describe('the world panel’s server', () => {
  it('sends a picture at once and another one after a change', async () => {
    const seen = pictures();
    expect((await seen.next()).value).toEqual(view);
    view = { ...view, now: 2 };
    panel.changed();
    expect((await seen.next()).value.now).toBe(2);
    await seen.return(undefined);
  });

  it('gathers changes that come together into one picture', async () => {
    const seen = pictures();
    await seen.next();
    for (const now of [2, 3, 4]) {
      view = { ...view, now };
      panel.changed();
    }
    expect((await seen.next()).value.now).toBe(4);
    await seen.return(undefined);
  });

  it('passes a wish on as the protocol has it', async () => {
    expect((await post('deploy-bad', { service: 'auth-service' })).status).toBe(200);
    expect(wishes).toEqual([{ action: 'deploy-bad', service: 'auth-service' }]);
  });

  it('refuses what is not in the protocol', async () => {
    const answers = await Promise.all([post('destroy'), post('skip', { minutes: -1 }), post('deploy-bad')]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(wishes).toEqual([]);
  });

  it('says why a wish failed', async () => {
    const answer = await post('start-bot');
    expect([answer.status, await answer.json()]).toEqual([409, { error: 'The bot cannot start.' }]);
  });

  it('leaves other paths to others', async () => {
    expect((await fetch(`${address}/elsewhere`)).status).toBe(404);
  });
});
