import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { until } from '#test/playground/slack/bolt-app.ts';
import { phone } from './harness/browser.ts';
import { checklist } from './harness/form-app.ts';
import { startWorkspace, type TestWorkspace } from './harness/workspace.ts';

const channel = 'C0INCIDENT';
let workspace: TestWorkspace;
let client: WebClient;

beforeAll(async () => {
  workspace = await startWorkspace();
  client = new WebClient(workspace.slack.tokens.bot, { slackApiUrl: workspace.slack.apiUrl });
});
afterEach(async () => {
  await workspace.closePages();
  workspace.heard.length = 0;
});
afterAll(() => workspace.stop());

/** Posts by the bot's own hands, past the rate limit of a channel. */
function post(text: string): string {
  return workspace.slack.workspace.messages.post({ channel, user: 'U0BOT', text }).ts;
}

describe('messages', () => {
  it('change in place when the app edits them', async () => {
    const page = await workspace.open();
    const { ts } = await client.chat.postMessage({ channel, text: 'Now: 1 of 3 pods ready.' });
    await page.getByText('Now: 1 of 3 pods ready.').waitFor();
    await client.chat.update({ channel, ts: ts!, text: 'Now: 3 of 3 pods ready.' });
    await page.getByText('Now: 3 of 3 pods ready.').waitFor();
    expect(await page.locator(`[data-ts="${ts}"]`).count()).toBe(1);
    expect(await page.getByText('Now: 1 of 3 pods ready.').count()).toBe(0);
  });

  it('tick a box for everybody', async () => {
    const page = await workspace.open();
    const other = await workspace.open({ user: 'U0LEAD' });
    await client.chat.postMessage({ channel, text: 'Checklist', blocks: checklist([]) });
    await page.getByLabel('login works').check();
    await other.locator('input[type=checkbox]:checked').waitFor();
    expect(workspace.heard).toEqual(['ticked login works']);
  });

  it('ask before a button that asks, and do nothing on no', async () => {
    const page = await workspace.open();
    await client.chat.postMessage({ channel, text: 'Checklist', blocks: checklist([]) });
    const undo = page.getByRole('button', { name: 'Undo…' }).last();
    await undo.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep' }).click();
    await undo.click();
    await page.getByRole('alertdialog').getByText('auth-service goes forward again.').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Undo' }).click();
    expect(await until(() => workspace.heard[0])).toBe('undone');
  });

  it('show a broadcast reply in the channel and lead to its thread', async () => {
    const page = await workspace.open();
    const ts = post('ROLLBACK INITIATED');
    await client.chat.postMessage({ channel, thread_ts: ts, reply_broadcast: true, text: 'NEEDS A PERSON' });
    const broadcast = page.getByRole('article').filter({ hasText: 'NEEDS A PERSON' });
    await broadcast.getByRole('button', { name: 'ROLLBACK INITIATED' }).click();
    const told = page.getByLabel('Thread').getByText('Also sent to the channel').first();
    await told.waitFor();
    expect(await told.isVisible()).toBe(true);
  });

  it('count as replies only where everybody sees them', async () => {
    const page = await workspace.open();
    const ts = post('ROLLBACK INITIATED');
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'Started' });
    await page
      .locator(`[data-ts="${ts}"]`)
      .getByRole('button', { name: /^1 reply/ })
      .click();
    const thread = page.getByLabel('Thread', { exact: true }).first();
    await client.chat.postEphemeral({ channel, thread_ts: ts, user: 'U0ONCALL', text: 'Recorded' });
    await thread.getByText('Recorded').waitFor();
    expect(await thread.getByRole('separator').textContent()).toBe('1 reply');
  });

  it('open the thread that a permalink in them leads to', async () => {
    const page = await workspace.open();
    const ts = post('ROLLBACK INITIATED');
    await client.chat.postMessage({ channel, thread_ts: ts, text: 'Started: auth-service' });
    const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
    post(`Follow it: <${permalink}|Open it>`);
    await page.getByRole('link', { name: 'Open it' }).last().click();
    await page.getByLabel('Thread', { exact: true }).first().getByText('Started: auth-service').waitFor();
    expect(page.context().pages()).toHaveLength(1);
  });

  it('show a file with its text', async () => {
    const page = await workspace.open();
    await client.filesUploadV2({ channel_id: channel, filename: 'auth.log', title: 'Last lines', content: 'exit 1' });
    await page.getByRole('button', { name: 'View' }).click();
    expect(await page.locator('.file-preview').textContent()).toBe('exit 1');
  });

  it('disappear when somebody deletes them', async () => {
    const page = await workspace.open({ size: phone });
    const ts = post('written by mistake');
    await page.locator(`[data-ts="${ts}"]`).getByRole('button', { name: 'More actions' }).tap();
    await page.getByRole('menuitem', { name: 'Delete message…' }).tap();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).tap();
    await page.locator(`[data-ts="${ts}"]`).waitFor({ state: 'detached' });
    expect(workspace.slack.workspace.messages.find(channel, ts)).toBeUndefined();
  });

  it('are two hundred, of which an edit draws one', async () => {
    const timestamps = Array.from({ length: 200 }, (_, at) => post(`line ${at} of *the night*`));
    const page = await workspace.open();
    await page.getByText('line 199 of').waitFor();
    expect(await page.locator('article').count()).toBeGreaterThanOrEqual(200);
    await page.evaluate(`
      globalThis.changed = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) changed.add(target.parentElement?.closest('article')?.dataset.ts ?? 'list');
      }).observe(document.querySelector('.message-list-content'), { subtree: true, childList: true, characterData: true });
    `);
    await client.chat.update({ channel, ts: timestamps[150]!, text: 'line 150 was edited' });
    await page.getByText('line 150 was edited').waitFor();
    expect(await page.evaluate('[...changed]')).toEqual([timestamps[150]]);
  });
});
