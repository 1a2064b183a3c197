import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '#test/playground/slack/bolt-app.ts';
import { desktop, phone } from './harness/browser.ts';
import { startWorkspace, type TestWorkspace } from './harness/workspace.ts';

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await startWorkspace();
});
afterEach(async () => {
  await workspace.closePages();
  workspace.slack.workspace.views.setStack('U0ONCALL', []);
  workspace.heard.length = 0;
});
afterAll(() => workspace.stop());

async function openForm(page: Page) {
  await page.getByPlaceholder('Message #incidents').fill('/rollback');
  await page.getByPlaceholder('Message #incidents').press('Enter');
  const form = page.getByRole('dialog', { name: 'Roll back' });
  await form.waitFor();
  return form;
}

describe('a form', () => {
  it('says what is missing before it asks the app, and shows what the app refuses at its field', async () => {
    const form = await openForm(await workspace.open());
    await form.getByRole('button', { name: 'Roll back 1 service' }).click();
    await form.getByText('Please complete this required field.').waitFor();
    await form.getByLabel('Health check').check();
    await form.getByRole('button', { name: 'Roll back 1 service' }).click();
    await form.getByText('Say why in a few words.').waitFor();
    expect(await form.getByLabel('In your words').getAttribute('aria-invalid')).toBe('true');
    expect(workspace.heard).toEqual([]);
  });

  it('submits with Enter what was typed and picked, and closes', async () => {
    const page = await workspace.open();
    const form = await openForm(page);
    await form.getByLabel('Error rate').check();
    await form.getByLabel('Version').click();
    await form.getByRole('option', { name: /v1.4.1/ }).click();
    await form.getByLabel('Services').click();
    await form.getByRole('option', { name: 'content-service' }).click();
    await form.getByLabel('In your words').fill('logins fail');
    await form.getByLabel('In your words').press('Enter');
    await form.waitFor({ state: 'detached' });
    const values = JSON.parse(workspace.heard[0]!.slice('submitted '.length)) as Record<string, any>;
    expect(values['version'].version.selected_option.value).toBe('v1.4.1');
    expect(values['services'].services.selected_options.map((one: { value: string }) => one.value)).toEqual([
      'auth-service',
      'content-service',
    ]);
    expect(values['reason-production'].reason.value).toBe('logins fail');
  });

  it('asks the app for options as the person types', async () => {
    const form = await openForm(await workspace.open());
    await form.getByLabel('Version').click();
    await form.getByRole('option', { name: /v1.4.2/ }).waitFor();
    await form.getByLabel('Version').fill('1.3');
    await form.getByRole('option', { name: /v1.4.2/ }).waitFor({ state: 'detached' });
    await form.getByRole('option', { name: /v1.3.9/ }).waitFor();
    expect(await form.getByRole('option').allTextContents()).toEqual([expect.stringContaining('v1.3.9')]);
    await form.getByLabel('Version').press('Enter');
    expect(await form.getByLabel('Version').inputValue()).toBe('v1.3.9');
  });

  it('keeps what stands under the same block_id when the app updates it, and begins anew under another', async () => {
    const form = await openForm(await workspace.open());
    await form.getByLabel('Health check').check();
    await form.getByLabel('In your words').fill('typed for production');
    await form.getByLabel('Environment').click();
    await form.getByRole('option', { name: 'staging' }).click();
    await form.getByText('auth-service in staging').waitFor();
    expect(await form.getByLabel('Health check').isChecked()).toBe(true);
    expect(await form.getByLabel('In your words').inputValue()).toBe('');
  });

  it('comes back with what was typed after a view on top of it was closed', async () => {
    const page = await workspace.open();
    const form = await openForm(page);
    await form.getByLabel('In your words').fill('half a sentence');
    await form.getByRole('button', { name: 'Details' }).click();
    const details = page.getByRole('dialog', { name: 'auth-service' });
    await details.getByText('+ image: auth:v1.4.2').waitFor();
    expect(await form.isVisible()).toBe(false);
    await details.locator('footer').getByRole('button', { name: 'Back' }).click();
    await form.waitFor();
    expect(await form.getByLabel('In your words').inputValue()).toBe('half a sentence');
  });

  it('closes with Escape, an open list first, and tells the app', async () => {
    const page = await workspace.open();
    const form = await openForm(page);
    await form.getByLabel('Environment').click();
    await page.keyboard.press('Escape');
    expect(await form.getByRole('listbox').count()).toBe(0);
    expect(await form.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(await until(() => workspace.heard[0])).toBe('closed');
  });

  it('closes with Escape only the list from which something was picked', async () => {
    const page = await workspace.open();
    const form = await openForm(page);
    await form.getByLabel('Services').click();
    await form.getByRole('option', { name: 'content-service' }).click();
    await page.keyboard.press('Escape');
    expect(await form.getByRole('listbox').count()).toBe(0);
    expect(await form.isVisible()).toBe(true);
  });

  it('closes with Escape after a click beside it, too', async () => {
    const page = await workspace.open();
    const form = await openForm(page);
    await form.getByLabel('In your words').fill('half a sentence');
    await page.mouse.click(5, desktop.height - 5);
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(await until(() => workspace.heard[0])).toBe('closed');
  });

  it('fills a phone’s screen', async () => {
    const form = await openForm(await workspace.open({ size: phone }));
    const box = await form.boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: phone.width });
    expect(box!.height).toBeGreaterThan(phone.height - 60);
  });
});
