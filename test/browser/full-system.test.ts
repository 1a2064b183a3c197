import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { connect, type Connection } from '#clients/kubernetes/api-server.ts';
import { worldClock } from '#playground/clock.ts';
import { type Playground, startPlayground } from '#playground/playground.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { launchBrowser, openPage, type OpenedPage, patience } from './harness/browser.ts';

const PATIENCE_MS = 120_000;
/** Of one test: two leases run out while the bot is dead. */
const TEST_MS = 6 * 60_000;
/** The budget of one service's capture, by the catalogue, and what a slow machine takes for all the rest. */
const CAPTURE_MS = 3000;
const ROUND_TRIP_MS = 45_000;
const { signal } = new AbortController();

let playground: Playground;
let browser: Browser;
let opened: OpenedPage;
let page: Page;
let api: Connection;
let before: Map<string, number>;

beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  playground = await startPlayground({
    port: 0,
    seed: 1,
    startsBot: true,
    onPlane: false,
    log: () => undefined,
    patience,
  });
  api = connect({ kubeconfigPath: playground.personKubeconfig, clock: worldClock() });
  opened = await openPage(browser, playground.url.replace(/\/$/, ''));
  page = opened.page;
  page.setDefaultTimeout(PATIENCE_MS);
  before = await generations();
});
afterEach(async () => {
  await page.context().close();
  await api.close();
  await playground.stop();
  if (opened.complaints.length > 0) throw new Error(`The page complained:\n${opened.complaints.join('\n')}`);
});
afterAll(() => browser.close());

const list = async <T>(path: string): Promise<T[]> => (await api.get<{ items: T[] }>(path, { signal })).items;
const deployments = () => list<KubernetesObject>('/apis/apps/v1/namespaces/lomash-wood/deployments');
const rollbacks = () => list<Rollback>('/apis/ops.lomashwood.com/v1alpha1/namespaces/rollback-bot/rollbacks');

async function generations(): Promise<Map<string, number>> {
  return new Map((await deployments()).map(({ metadata }) => [metadata.name, metadata.generation ?? 0]));
}

async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endsAt) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const inChannel = (words: string): Locator =>
  page.getByRole('log', { name: /Messages in/ }).getByText(words, { exact: true });

/** Typed, read, confirmed; the button is not pressed yet. */
async function asked(): Promise<Locator> {
  const composer = page.getByPlaceholder('Message #incidents');
  await composer.fill('/rollback all production everything is slow');
  await composer.press('Enter');
  const form = page.getByRole('dialog', { name: 'Roll back in production' });
  await form.getByLabel(/type production to confirm/).fill('production');
  return form.getByRole('button', { name: 'Roll back 9 services' });
}

/** One object, nine patches, one INITIATED, one COMPLETE. */
async function expectAllBackOnce(): Promise<Rollback> {
  await inChannel('ROLLBACK COMPLETE').waitFor();
  expect(await inChannel('ROLLBACK COMPLETE').count()).toBe(1);
  expect(await inChannel('ROLLBACK INITIATED').count()).toBe(1);
  const all = await rollbacks();
  expect(all).toHaveLength(1);
  expect(all[0]?.status?.targets.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'Back'));
  for (const { metadata } of await deployments()) {
    expect(metadata.generation).toBe(before.get(metadata.name)! + 1);
    expect(metadata.annotations?.['ops.lomashwood.com/operation']).toBe(`${all[0]!.metadata.uid}/${metadata.name}/1`);
  }
  return all[0]!;
}

/** Whatever form or receipt is open: the page behind it cannot be used before. */
async function closeForms(): Promise<void> {
  const dialogs = page.getByRole('dialog');
  await until('nothing is open', async () => {
    if ((await dialogs.count()) === 0) return true;
    await page.keyboard.press('Escape');
    return undefined;
  });
}

/** The thread's messages below INITIATED, as they read. */
async function thread(): Promise<string[]> {
  await closeForms();
  await page
    .getByRole('button', { name: /repl(y|ies)/ })
    .first()
    .click();
  const open = page.getByLabel('Thread', { exact: true }).first();
  await open.getByText(/Outcome: 9 of 9 returned/).waitFor();
  return open.getByRole('article').allInnerTexts();
}

describe('/rollback all production, typed into the page', () => {
  it(
    'while log reads hang: all nine are patched within the budget, and the missing logs are named',
    async () => {
      await page.getByRole('switch', { name: /Log reads hang/ }).click();
      await (await asked()).click();
      const { status } = await expectAllBackOnce();
      const patchedAt = status!.targets.map((target) => Date.parse(target.patchedAt!));
      expect(Math.max(...patchedAt) - Date.parse(status!.startedAt!)).toBeLessThan(CAPTURE_MS + ROUND_TRIP_MS);
      const { evidence } = await until('what is missing is recorded', async () => {
        const [rollback] = await rollbacks();
        return rollback?.status?.evidence === undefined ? undefined : rollback.status;
      });
      for (const service of before.keys())
        expect(evidence!.missing.some((line) => line.includes(service) && /log/i.test(line))).toBe(true);
      expect((await thread()).join('\n')).toMatch(/MISSING: .*logs/);
    },
    TEST_MS,
  );

  it(
    'while Slack answers 429: pods on time, then one INITIATED, one outcome, at most twelve replies before it',
    async () => {
      await page.getByRole('switch', { name: /Slack rate limiting/ }).click();
      await (await asked()).click();
      await until('it is asked for', async () => (await rollbacks()).length === 1);
      await closeForms();
      await until('all pods are back', async () => (await rollbacks())[0]?.status?.phase === 'Monitoring');
      expect(await inChannel('ROLLBACK INITIATED').count()).toBe(0);
      await page.getByRole('switch', { name: /Slack rate limiting/ }).click();
      await expectAllBackOnce();
      const replies = await thread();
      const outcome = replies.findIndex((text) => text.includes('Outcome: 9 of 9 returned'));
      expect(outcome).toBeGreaterThan(0);
      expect(outcome).toBeLessThanOrEqual(12 + 1);
    },
    TEST_MS,
  );

  it(
    'with the bot killed right after the press and again in the middle: nothing changes but time',
    async () => {
      await (await asked()).click();
      await until('it is asked for', async () => (await rollbacks()).length === 1);
      await closeForms();
      await page.getByRole('button', { name: 'Kill the bot' }).click();
      await page.getByRole('button', { name: 'Start it again' }).click();
      await inChannel('ROLLBACK INITIATED').waitFor();
      await page.getByRole('button', { name: 'Kill the bot' }).click();
      await page.getByRole('button', { name: 'Start it again' }).click();
      await expectAllBackOnce();
      const replies = await thread();
      const words = replies.filter((text) => !text.includes('work is resumed'));
      expect(words).toEqual([...new Set(words)]);
    },
    TEST_MS,
  );
});
