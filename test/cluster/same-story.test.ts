/**
 * README's first rollback in a real browser, on the simulated cluster and on a real control plane: the page tells the same, word by word,
 * but for times, hashes and the names of pods. SCREENSHOTS=FOLDER keeps pictures of the form and the thread of both.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { startPlayground } from '#playground/playground.ts';
import { desktop, launchBrowser, openPage, patience } from '#test/browser/harness/browser.ts';

const PICTURES = process.env['SCREENSHOTS'];

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Story {
  form: string;
  channel: string[];
  thread: string[];
}

/** What differs between any two nights, whatever they are played on. */
function normalised(text: string): string {
  return text
    .replaceAll(/\b\d{1,2}:\d{2}(:\d{2})?( ?[AP]M)?\b/g, 'TIME')
    .replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, 'DATE')
    .replaceAll(/\b([a-z]+(?:-[a-z]+)*)-[a-z0-9]{6,10}-[a-z0-9]{5}\b/g, '$1-POD')
    .replaceAll(/\b(?=[a-f0-9]*\d)[a-f0-9]{8,}\b/g, 'HASH')
    .replaceAll(/\bless than a minute ago\b|\b\d+ min ago\b/g, 'LATELY')
    .replaceAll(/\b(\d+ min )?\d+(\.\d+)? ?(s|ms|seconds?)\b/g, 'DURATION')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const told = async (messages: Locator): Promise<string[]> => (await messages.allInnerTexts()).map(normalised);

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}

/** As the page's three steps say, when v1.4.3 has replaced the last pod of the version before it. */
async function openForm(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Deploy v1.4.3' }).click();
  await page.getByLabel('Step 1, done').waitFor();
  const auth = page.getByRole('button', { name: /^auth-service/ });
  await auth.getByTitle('Health check fails').waitFor();
  await auth
    .getByTitle(/· v1\.4\.2 ·/)
    .first()
    .waitFor({ state: 'detached' });
  const form = page.getByRole('dialog', { name: 'Roll back in production' });
  for (;;) {
    await page.getByRole('button', { name: 'Type it for me' }).click();
    await page.locator('button[aria-label=Send]:enabled').click();
    await form.getByText('v1.4.3 → v1.4.2').first().waitFor();
    // What the bot has not heard yet is no difference between the clusters.
    if (!(await form.innerText()).includes('has not finished')) break;
    await form.getByRole('button', { name: 'Close', exact: true }).last().click();
    await form.waitFor({ state: 'detached' });
  }
  await form.getByLabel(/^Error rate/).check();
  return form;
}

/** Ticks the checklist until it is resolved; answers the pane of the thread. */
async function toTheEnd(page: Page): Promise<Locator> {
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
  await thread.getByText('This rollback is closed. The answers stay as they are.').waitFor();
  await thread.getByText(/Resolved, stable for 15 minutes/).waitFor();
  return thread;
}

async function play(onPlane: boolean): Promise<Story> {
  const name = onPlane ? 'real' : 'simulated';
  const playground = await startPlayground({
    port: 0,
    seed: 1,
    startsBot: true,
    onPlane,
    log: () => undefined,
    patience,
  });
  const { page, complaints } = await openPage(browser, playground.url.replace(/\/$/, ''), {
    size: { ...desktop, height: 1600 },
  });
  try {
    const form = await openForm(page);
    const asked = normalised(await form.innerText());
    await picture(page, `form-${name}`);
    await form.getByRole('button', { name: 'Roll back 1 service' }).click();
    await page
      .getByRole('dialog')
      .getByText(/Started: auth-service in production/)
      .waitFor();
    await page.keyboard.press('Escape');
    const thread = await toTheEnd(page);
    await picture(page, `thread-${name}`);
    const channel = page.getByRole('log', { name: /Messages in/ });
    const story = {
      form: asked,
      channel: await told(channel.getByRole('article')),
      // Which of two replies stands first may be chance: what is captured, and pods, come as they come.
      thread: (await told(thread.getByRole('article'))).toSorted(),
    };
    expect(complaints).toEqual([]);
    return story;
  } finally {
    await page.context().close();
    await playground.stop();
  }
}

it('the page on the real cluster shows the same story as on the simulated one', async () => {
  const simulated = await play(false);
  expect(simulated.thread.length).toBeGreaterThan(3);
  expect(await play(true)).toEqual(simulated);
}, 300_000);
