import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type Playground, startPlayground } from '#playground/playground.ts';
import { launchBrowser, openPage, type OpenedPage, phone } from './harness/browser.ts';

let playground: Playground;
let browser: Browser;
let opened: OpenedPage;

beforeAll(async () => {
  playground = await startPlayground({ port: 0, seed: 1, startsBot: false, onPlane: false, log: () => undefined });
  browser = await launchBrowser();
});
afterEach(async () => {
  await opened.page.context().close();
  if (opened.complaints.length > 0) throw new Error(`The page complained:\n${opened.complaints.join('\n')}`);
});
afterAll(async () => {
  await browser.close();
  await playground.stop();
});

async function open(options?: Parameters<typeof openPage>[2]) {
  opened = await openPage(browser, playground.url.replace(/\/$/, ''), options);
  return opened.page;
}

describe('the world panel', () => {
  it('leads through the steps and begins anew', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Deploy v1.4.3' }).click();
    await page.getByLabel('Step 1, done').waitFor();
    const auth = page.getByRole('button', { name: /^auth-service/ });
    await auth.getByText('v1.4.3').first().waitFor();
    await auth.getByTitle('Health check fails').waitFor();
    await page.getByRole('button', { name: 'Type it for me' }).click();
    await page.locator('button[aria-label=Send]:enabled').waitFor();
    expect(await page.getByPlaceholder('Message #incidents').inputValue()).toBe('/rollback auth-service production');
    await page.getByRole('button', { name: 'Start over' }).click();
    await auth.getByText('v1.4.2').waitFor();
    await page.getByLabel('Step 1, done').waitFor({ state: 'detached' });
  });

  it('says what Slack says when the app is not there', async () => {
    const page = await open();
    await page.getByPlaceholder('Message #incidents').fill('/rollback auth-service production');
    await page.getByPlaceholder('Message #incidents').press('Enter');
    await page.getByRole('article', { name: 'Message from Slackbot' }).getByText('/rollback').waitFor();
    await page.getByText('Bot is not started here').waitFor();
    expect(await page.getByText('Bot is not started here').isVisible()).toBe(true);
  });

  it('posts an alert about the service that was picked, with the app’s shortcut on it', async () => {
    const page = await open();
    await page.getByRole('button', { name: /^content-service/ }).click();
    await page.getByRole('button', { name: 'Post an alert in #incidents' }).click();
    const alert = page.getByRole('article').filter({ hasText: '[P1] content-service in production' });
    await alert.hover();
    await alert.getByRole('button', { name: 'More actions' }).click();
    const shortcut = page.getByRole('menuitem', { name: /^Roll back/ }).first();
    await shortcut.waitFor();
    expect(await shortcut.isVisible()).toBe(true);
  });

  it('makes Slack misbehave in every way that it knows, and mends it', async () => {
    const page = await open();
    await page.getByText('Slack misbehaves').click();
    const late = page.getByRole('switch', { name: /Opens one form too late/ });
    await late.click();
    await page.getByRole('switch', { name: /Opens one form too late/, checked: true }).waitFor();
    await page.getByText('1 on').waitFor();
    await page.getByRole('button', { name: 'Post a button of last year’s bot' }).click();
    await page.getByRole('button', { name: 'Old button' }).waitFor();
    expect(await page.getByRole('switch').count()).toBeGreaterThan(18);
    await late.click();
    await page.getByRole('switch', { name: /Opens one form too late/, checked: false }).waitFor();
  });

  it('is still within reach while it is collapsed and opened again', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Collapse the world panel' }).click();
    await page.getByRole('region', { name: 'Services' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Open the world panel' }).click();
    await page.getByRole('region', { name: 'Services' }).waitFor();
    expect(await page.getByRole('region', { name: 'Services' }).isVisible()).toBe(true);
  });

  it('is a tab on a phone', async () => {
    const page = await open({ size: phone });
    expect(await page.getByRole('region', { name: 'Services' }).isVisible()).toBe(false);
    await page.getByRole('tab', { name: /^World/ }).tap();
    await page.getByRole('switch', { name: /API server outage/ }).tap();
    await page.getByRole('switch', { name: /API server outage/, checked: true }).waitFor();
    await page.getByRole('switch', { name: /API server outage/ }).tap();
    await page.getByRole('switch', { name: /API server outage/, checked: false }).waitFor();
    await page.getByRole('button', { name: 'Type it for me' }).tap();
    await page.getByPlaceholder('Message #incidents').waitFor();
  });
});
