import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { phone } from './harness/browser.ts';
import { startWorkspace, type TestWorkspace } from './harness/workspace.ts';

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await startWorkspace();
});
afterEach(() => workspace.closePages());
afterAll(() => workspace.stop());

describe('the page', () => {
  it('stands in #incidents as the on-call engineer', async () => {
    const page = await workspace.open();
    expect(await page.getByRole('heading', { name: '#incidents' }).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: /^You are: Maya Chen/ }).isVisible()).toBe(true);
  });

  it('completes a slash command and runs it with Enter', async () => {
    const page = await workspace.open();
    const composer = page.getByPlaceholder('Message #incidents');
    await composer.fill('/ro');
    expect(await page.getByRole('option', { name: /^\/rollback/ }).textContent()).toContain('environment');
    await composer.press('Tab');
    expect(await composer.inputValue()).toBe('/rollback ');
    await composer.pressSequentially('help');
    await composer.press('Enter');
    const answer = page.getByRole('article').filter({ hasText: 'Only visible to you' });
    await answer.getByText('/rollback auth-service').waitFor();
    await answer.hover();
    await answer.getByRole('button', { name: 'Dismiss message' }).click();
    await answer.waitFor({ state: 'detached' });
  });

  it('shows an ephemeral answer to nobody else and not after a reload', async () => {
    const page = await workspace.open();
    const other = await workspace.open({ user: 'U0LEAD' });
    await page.getByPlaceholder('Message #incidents').fill('/rollback help');
    await page.getByPlaceholder('Message #incidents').press('Enter');
    await page.getByText('Only visible to you').waitFor();
    expect(await other.getByText('Only visible to you').count()).toBe(0);
    await page.reload();
    await page.getByRole('log').waitFor();
    expect(await page.getByText('Only visible to you').count()).toBe(0);
  });

  it('shows the other person’s message and the thread below it', async () => {
    const page = await workspace.open();
    const other = await workspace.open({ user: 'U0LEAD' });
    await other.getByPlaceholder('Message #incidents').fill('Is *auth-service* down?');
    await other.getByPlaceholder('Message #incidents').press('Enter');
    const root = page.getByRole('article').filter({ hasText: 'Is auth-service down?' });
    await root.hover();
    await root.getByRole('button', { name: 'Reply in thread' }).click();
    await page.getByPlaceholder('Reply…').fill('Yes, I roll it back');
    await page.getByPlaceholder('Reply…').press('Enter');
    await page.getByLabel('Thread').getByText('Yes, I roll it back').first().waitFor();
    await other.getByRole('button', { name: /1 reply/ }).click();
    await other.getByLabel('Thread').getByText('Yes, I roll it back').first().waitFor();
    await other.keyboard.press('Escape');
    const replies = root.getByRole('button', { name: /1 reply/ });
    await replies.waitFor();
    expect(await replies.isVisible()).toBe(true);
  });

  it('is somebody else after two clicks', async () => {
    const page = await workspace.open();
    await page.getByRole('button', { name: /^You are:/ }).click();
    await page.getByRole('menuitemradio', { name: /Sam Reed/ }).click();
    await page.getByRole('button', { name: /^You are: Sam Reed/ }).waitFor();
    expect(page.url()).toContain('user=U0NOTALLOWED');
  });

  it('shows the app’s Home', async () => {
    const page = await workspace.open();
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /rollback-bot/ })
      .click();
    await page.getByText('No rollback runs.').waitFor();
    expect(await page.getByRole('tab', { name: 'Home' }).getAttribute('aria-selected')).toBe('true');
  });

  it('shows one pane at a time on a phone', async () => {
    const page = await workspace.open({ size: phone });
    expect(await page.getByRole('navigation', { name: 'Channels' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Back to channels' }).click();
    await page.getByRole('log').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'staging-deploys' }).click();
    await page.getByRole('heading', { name: '#staging-deploys' }).waitFor();
    const overflows = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(overflows).toBe(false);
  });
});
