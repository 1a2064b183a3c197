import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { formReads, pressed, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollbackOf, untilPhase } from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
});
afterEach(() => night.maya.modal() && night.maya.close());
afterAll(() => night.stop());

/** Alertmanager posts, as its own app does; attachments are left to the blocks. */
const alert = (text: string, channel = 'C0INCIDENT', threadTs?: string) => {
  const { ts } = night.slack.post({ user: 'U0ALERTS', channel, text, ...(threadTs ? { threadTs } : {}) });
  return night.until('the alert is read', () => night.maya.sees().find((m) => m.ts === ts));
};

it('“Roll back because of it” on the playground’s own alert: one press from alert to receipt', async () => {
  const firing = await alert(night.world.alertText('auth-service'));
  await night.maya.messageShortcut('Roll back because of it', firing);
  const form = await formReads(night, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
  expect(form.title).toBe('Roll back in production');
  expect(form.reads).toContain('Read as: this message · auth-service · production');
  expect(form.reads).toContain('☑ P0/P1 alert firing');
  const link = `${night.slack.url}/archives/C0INCIDENT/p${firing.ts.replace('.', '')}`;
  expect(form.reads).toContain(link);
  await pressed(night);
  const root = await night.post(/ROLLBACK INITIATED/);
  expect(root.reads).toContain(`p${firing.ts.replace('.', '')}`);
  expect(rollbackOf(night, 'auth-service')?.spec.reason).toMatchObject({ kind: 'alert' });
  expect(rollbackOf(night, 'auth-service')?.spec.reason.text).toContain(link);
  await untilPhase(night, 'auth-service', 'Monitoring');
});

it('an alert inside a thread works too, where no command does', async () => {
  const first = await alert('[FIRING] three alerts');
  const inThread = await alert('P95 latency of content-service in production 2.4 s', 'C0INCIDENT', first.ts);
  await night.maya.messageShortcut('Roll back because of it', inThread);
  const form = await formReads(night, /\*v1\.9\.2\* → \*v1\.9\.1\*/);
  expect(form.reads).toContain(`p${inThread.ts.replace('.', '')}`);
});

it('an alert that names several environments preselects none of them', async () => {
  const vague = await alert('auth-service: production and staging differ');
  await night.maya.messageShortcut('Roll back because of it', vague);
  const form = await formReads(night, /Choose an environment/);
  expect(form.title).toBe('Roll back');
  expect(form.reads).toContain('Read as: this message · auth-service · no environment named');
  expect(submitLabel(form)).toBeUndefined();
});

it('words that only look like services are none: nothing is guessed from prose', async () => {
  const prose = await alert('Customers cannot order content, auth is slow, notify the gateway team (production)');
  await night.maya.messageShortcut('Roll back because of it', prose);
  const form = await formReads(night, /at least one service|\*api-gateway\*/);
  expect(form.reads).not.toMatch(/\*(auth|content|customer|notification)-service\*/);
});

it('what an alert says is shown and never executed: mentions and links stay text', async () => {
  const nasty = await alert('auth-service production <!channel> <https://evil.test|https://good.test> *bold*');
  await night.maya.messageShortcut('Roll back because of it', nasty);
  await formReads(night, /\*auth-service\*/);
  expect(JSON.stringify(night.maya.modal()?.view)).not.toMatch(/<!channel>|<https:\/\/evil/);
});

it('“Roll back…” opens the empty form from anywhere', async () => {
  await night.maya.shortcut('Roll back…');
  const form = await formReads(night, /Choose an environment: the plan is shown here before anything happens/);
  expect(form.title).toBe('Roll back');
  expect(JSON.stringify(form.view)).not.toContain('initial_option');
});

it('behind the scenes all was well, and one rollback came of it', () => {
  expect(night.rollbacks()).toHaveLength(1);
  expect(night.troubles).toEqual([]);
});
