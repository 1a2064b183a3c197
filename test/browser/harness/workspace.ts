/** The emulated Slack with the page on it and the form app behind it, and a browser: what every test of the page stands on. */
import type { Page } from 'playwright-core';
import { mountPage } from '#playground/page/files.ts';
import type { EmulatedSlack } from '#playground/slack/server.ts';
import { connect } from '#test/playground/slack/bolt-app.ts';
import { launchBrowser, openPage, type OpenedPage, type OpenOptions } from './browser.ts';
import { listen } from './form-app.ts';

export interface TestWorkspace {
  slack: EmulatedSlack;
  /** What the form app heard, in order. */
  heard: string[];
  open(options?: OpenOptions): Promise<Page>;
  /** Closes every opened page. Throws what the pages complained of. */
  closePages(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorkspace(): Promise<TestWorkspace> {
  const heard: string[] = [];
  const connected = await connect((app) => listen(app, heard));
  mountPage(connected.slack);
  const browser = await launchBrowser();
  let opened: OpenedPage[] = [];
  return {
    slack: connected.slack,
    heard,
    async open(options) {
      const one = await openPage(browser, connected.slack.url, options);
      opened.push(one);
      return one.page;
    },
    async closePages() {
      const closing = opened;
      opened = [];
      for (const { page } of closing) await page.context().close();
      const complaints = closing.flatMap((one) => one.complaints);
      if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
    },
    async stop() {
      await browser.close();
      await connected.stop();
    },
  };
}
