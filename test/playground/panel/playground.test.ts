import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { readCatalogue } from '#catalogue/read.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import { type Playground, startPlayground } from '#playground/playground.ts';
import type { WorldView } from '#playground/world-protocol.ts';
import { troubleNames } from '#playground/slack/troubles.ts';
import { worldClock } from '#playground/clock.ts';

let playground: Playground;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, seed: 1, startsBot: false, onPlane: false, log: () => undefined });
});
afterAll(() => playground.stop());

const wish = async (action: string, body: object = {}): Promise<number> =>
  (await fetch(`${playground.url}world/${action}`, { method: 'POST', body: JSON.stringify(body) })).status;

/** The first picture of the world that is as wanted. */
async function worldWhere(wanted: (view: WorldView) => boolean): Promise<WorldView> {
  const response = await fetch(`${playground.url}world/events`);
  const decoder = new TextDecoder();
  let held = '';
  for await (const chunk of response.body!) {
    held += decoder.decode(chunk as Uint8Array, { stream: true });
    const events = held.split('\n\n');
    held = events.pop() ?? '';
    for (const event of events) {
      const line = event.split('\n').find((one) => one.startsWith('data: '));
      const view = line && (JSON.parse(line.slice('data: '.length)) as WorldView);
      if (view && wanted(view)) return view;
    }
  }
  throw new Error('the stream ended');
}

const service = (view: WorldView, name = 'auth-service') => view.services.find((one) => one.name === name)!;

describe('the playground', () => {
  it('shows nine healthy services and a page at its address', async () => {
    const view = await worldWhere(() => true);
    expect(view.services).toHaveLength(9);
    expect(view.services.every(({ health }) => health.ok)).toBe(true);
    expect(await (await fetch(playground.url)).text()).toContain('<div id="page">');
  });

  it('serves no file but the page’s', async () => {
    const paths = ['page/../playground.ts', 'page/..%2fplayground.ts', 'vendor/yaml/package.json', 'page/files.ts'];
    const answers = await Promise.all(paths.map((path) => fetch(`${playground.url}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('gives the bot a way into the cluster with no more rights than an installation gives', async () => {
    const { KUBECONFIG, CATALOGUE } = playground.settings;
    const api = connect({ kubeconfigPath: KUBECONFIG!, clock: worldClock({ unref: true }) });
    const { signal } = new AbortController();
    const get = (path: string): Promise<unknown> => api.get(path, { signal });
    await expect(get('/apis/apps/v1/namespaces/lomash-wood/deployments')).resolves.toBeDefined();
    await expect(get('/api/v1/namespaces/lomash-wood/secrets')).rejects.toThrow(/forbidden/i);
    await api.close();
    expect(readCatalogue(CATALOGUE!).environments['production']!.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect((await readFile(playground.personKubeconfig, 'utf8')).includes('current-context')).toBe(true);
  });

  it('deploys a bad version that fails, and is as in the beginning after starting over', async () => {
    expect(await wish('deploy-bad', { service: 'auth-service' })).toBe(200);
    const broken = await worldWhere((view) => service(view).version === 'v1.4.3' && !service(view).health.ok);
    expect(service(broken).errorRate).toBeGreaterThan(0.02);
    expect(await wish('start-over')).toBe(200);
    const fresh = await worldWhere((view) => service(view).version === 'v1.4.2');
    expect(service(fresh).health.ok).toBe(true);
  });

  it('breaks Slack and the API server, and mends them', async () => {
    expect([await wish('slack-rate-limit', { on: true }), await wish('api-server', { up: false })]).toEqual([200, 200]);
    await worldWhere(({ faults }) => faults.slackRateLimited && faults.apiServerDown);
    expect([await wish('slack-rate-limit', { on: false }), await wish('api-server', { up: true })]).toEqual([200, 200]);
    await worldWhere(({ faults }) => !faults.slackRateLimited && !faults.apiServerDown);
  });

  it.each(troubleNames)('makes Slack misbehave and mends it: %s', async (name) => {
    const one = ({ slackTroubles }: WorldView) => slackTroubles.find((trouble) => trouble.name === name);
    const lasts = one(await worldWhere(() => true))?.isOn !== undefined;
    expect(await wish('slack-trouble', { name, on: true })).toBe(200);
    if (lasts) await worldWhere((view) => one(view)?.isOn === true);
    expect(await wish('slack-trouble', { name, on: false })).toBe(200);
    await worldWhere((view) => view.slackTroubles.every(({ isOn }) => isOn !== true));
  });

  it('moves everybody’s time', async () => {
    const before = (await worldWhere(() => true)).now;
    expect(await wish('skip', { minutes: 15 })).toBe(200);
    expect((await worldWhere(() => true)).now - before).toBeGreaterThanOrEqual(15 * 60_000);
  });

  it('does not start or kill a bot that is started by hand', async () => {
    expect([await wish('kill-bot'), await wish('start-bot')]).toEqual([409, 409]);
  });
});
