import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Playground, startPlayground } from '#playground/playground.ts';
import { launchBrowser, openPage, type OpenedPage, patience, phone } from './harness/browser.ts';

let playground: Playground;
let browser: Browser;
let opened: OpenedPage;

beforeAll(async () => {
  const said: string[] = [];
  playground = await startPlayground({
    port: 0,
    seed: 1,
    startsBot: true,
    onPlane: false,
    log: (line) => said.push(line),
    patience,
  });
  if (playground.botState() !== 'running') throw new Error(`The bot did not start:\n${said.join('\n')}`);
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

async function open(options?: Parameters<typeof openPage>[2]): Promise<Page> {
  opened = await openPage(browser, playground.url.replace(/\/$/, ''), options);
  return opened.page;
}

describe('a newcomer, with nothing but the page', () => {
  it('rolls a bad version back, ticks the checklist and sees it resolved', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Deploy v1.4.3' }).click();
    await page.getByLabel('Step 1, done').waitFor();
    await page.getByRole('button', { name: 'Type it for me' }).click();
    await page.locator('button[aria-label=Send]:enabled').click();

    const form = page.getByRole('dialog', { name: 'Roll back in production' });
    await form.getByText('v1.4.3 → v1.4.2').first().waitFor();
    await form.getByLabel(/^Error rate/).check();
    await form.getByRole('button', { name: 'Roll back 1 service' }).click();
    await page
      .getByRole('dialog')
      .getByText(/Started: auth-service in production/)
      .waitFor();
    await page.keyboard.press('Escape');

    await page.getByText('ROLLBACK COMPLETE', { exact: true }).waitFor();
    await page
      .getByRole('button', { name: /repl(y|ies)/ })
      .last()
      .click();
    const thread = page.getByLabel('Thread', { exact: true }).first();
    const boxes = thread.getByRole('checkbox');
    await boxes.first().waitFor();
    for (let answered = await boxes.and(page.locator(':checked')).count(); answered < 9; answered += 1) {
      await boxes.and(page.locator(':not(:checked)')).first().click();
      await thread.getByText(`${answered + 1} of 9 answered`).waitFor();
    }
    await page.getByRole('button', { name: 'Skip the 15 minutes' }).click();
    await page
      .getByText(/Status: Resolved/)
      .first()
      .waitFor();
    await page.getByLabel('Step 3, done').waitFor();
    await page.getByText('That was a rollback.').waitFor();
    expect(await page.getByText('That was a rollback.').isVisible()).toBe(true);
  });

  it('reads the line of a phone as it was meant', async () => {
    const page = await open({ size: phone });
    const composer = page.getByPlaceholder('Message #incidents');
    await composer.fill('/rollback content prod all pictures are gone');
    await composer.press('Enter');
    const form = page.getByRole('dialog', { name: 'Roll back in production' });
    await form.getByText('Read as: content-service · production').waitFor();
    await form.getByRole('button', { name: 'Remove content-service' }).waitFor();
    expect(await form.getByLabel(/^In a few words/).inputValue()).toBe('all pictures are gone');
  });
});
