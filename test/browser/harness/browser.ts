/** A real browser on the page. Whatever the page says on its console as an error, or asks of another host, fails the test that reads it. */
import { type Browser, chromium, type Page } from 'playwright-core';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Of whatever the page is waited for. */
const PATIENCE_MS = 60_000;

/** The bot is a process of its own, on a busy machine: how quick it answers Slack is no matter here. */
export const patience = { ackMs: PATIENCE_MS, triggerMs: PATIENCE_MS };

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: quiet });

export interface OpenedPage {
  page: Page;
  /** Errors of scripts and of the content security policy, requests that failed, addresses of other hosts. */
  complaints: string[];
}

export interface OpenOptions {
  /** Default: the on-call engineer. */
  user?: string;
  size?: typeof desktop;
}

/** Opens the workspace as this person and waits until it is shown. */
export async function openPage(
  browser: Browser,
  url: string,
  { user = 'U0ONCALL', size = desktop }: OpenOptions = {},
): Promise<OpenedPage> {
  const touch = size.width < 500;
  const context = await browser.newContext({ viewport: size, hasTouch: touch, isMobile: touch, timezoneId: 'UTC' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (line) => {
    // A server without a world has no world events; the browser writes that down by itself.
    if (line.type() === 'error' && !line.location().url.endsWith('/world/events')) complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) complaints.push(`foreign: ${request.url()}`);
  });
  await page.goto(`${url}/?user=${user}`);
  await page.getByRole('log', { name: /Messages in/ }).waitFor();
  return { page, complaints };
}
