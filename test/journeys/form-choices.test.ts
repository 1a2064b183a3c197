import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { fieldErrors, formReads, opens, pressed, pressedInVain, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollBack, rollbackOf, untilPhase } from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
});
afterEach(() => night.maya.modal() && night.maya.close());
afterAll(() => night.stop());

it('stands there at once, saying that it reads, while the cluster takes its time', async () => {
  const { maya, slack } = night;
  slack.faults.slowDown('views.update', 300);
  await maya.type('#incidents', '/rollback auth-service production');
  const loading = await formReads(night, /Reading the cluster/);
  expect(loading.title).toBe('Roll back in production');
  expect(loading.reads).toContain('nothing was started');
  expect(submitLabel(loading)).toBeUndefined();
  await formReads(night, /→ \*v1\.4\.2\*/);
});

it('closed while it loads: nobody is bothered', async () => {
  const { maya, slack } = night;
  slack.faults.slowDown('views.update', 200);
  await maya.type('#incidents', '/rollback auth-service production');
  await formReads(night, /Reading the cluster/);
  await maya.close();
  await night.until('the late plan was refused by Slack', () =>
    slack.calls.list('views.update').some(({ result }) => result['error'] === 'not_found'),
  );
  expect(maya.modal()).toBeUndefined();
  expect(night.troubles).toEqual([]);
});

it('says what runs, what it goes back to, how long that ran well, who deployed what when', async () => {
  night.skip(7);
  const form = await opens(night, 'auth-service production', /→ \*v1\.4\.2\*/);
  expect(form.title).toBe('Roll back in production');
  expect(form.reads).toContain('Now v1.4.3: revision 4, deployed 7 min ago by Priya Nair.');
  expect(form.reads).toMatch(/To v1\.4\.2: revision 3, the previous version, deployed 46 h ago; ran well for 46 h\./);
  expect(form.reads).toContain('Changes: image v1.4.3 → v1.4.2');
  expect(form.reads).toContain('JWT secret rotated in this deploy? Not known.');
  expect(submitLabel(form)).toBe('Roll back 1 service');
});

it('offers every version that still exists: by version, by revision, with what is known of it', async () => {
  const { maya } = night;
  await rollBack(night, 'auth-service production logins fail');
  await untilPhase(night, 'auth-service', 'Monitoring');
  await opens(night, 'auth-service production', /Now v1\.4\.2/);
  expect(await maya.suggestions('Go back to', '')).toEqual([
    'v1.4.2 (revision 5)',
    'v1.4.3 (revision 4)',
    'v1.4.1 (revision 2)',
    'v1.4.0 (revision 1)',
  ]);
  expect(await maya.suggestions('Go back to', '1.4.0')).toEqual(['v1.4.0 (revision 1)']);
  expect(await maya.suggestions('Go back to', '2')).toContain('v1.4.1 (revision 2)');
  expect(await maya.suggestions('Go back to', 'v9')).toEqual([]);
  const described = await night.until('the journal knows what was left', async () => {
    const notes = await optionNotes();
    return notes['v1.4.3 (revision 4)']?.includes('rolled back from') ? notes : undefined;
  });
  expect(described['v1.4.2 (revision 5)']).toMatch(/^current/);
  expect(described['v1.4.3 (revision 4)']).toMatch(/rolled back from less than a minute ago/);
  expect(described['v1.4.1 (revision 2)']).toMatch(/last known good · ran well 3 days/);
  expect(described['v1.4.0 (revision 1)']).not.toContain('last known good');
});

/** What stands in small print below the options of "Go back to". */
async function optionNotes(): Promise<Record<string, string>> {
  const { slack, maya } = night;
  const { id, view } = maya.modal()!;
  const block = (view as { blocks: { block_id: string }[] }).blocks.find((b) => b.block_id.startsWith('target:'))!;
  const payload = {
    type: 'block_suggestion',
    user: { id: maya.id },
    team: { id: 'T0LOMASH' },
    action_id: 'form_target',
    block_id: block.block_id,
    value: '',
    view: { ...view, id, state: { values: {} } },
  };
  const delivery = await slack.core.sockets.deliver({ type: 'interactive', payload, acceptsPayload: true });
  const { options } = (delivery as unknown as { payload: { options: Option[] } }).payload;
  return Object.fromEntries(options.map(({ text, description }) => [text.text, description?.text ?? '']));
}

interface Option {
  text: { text: string };
  description?: { text: string };
}

it('the version that runs now is no way back', async () => {
  const form = await opens(night, 'auth-service production --to v1.4.2', /runs v1\.4\.2 \(revision 5\) already/);
  expect(form.reads).toContain('Choose another version.');
  expect(submitLabel(form)).toBeUndefined();
  await night.maya.select('Go back to', /v1\.4\.1/);
  expect(submitLabel(await formReads(night, /→ \*v1\.4\.1\*/))).toBe('Roll back 1 service');
});

it('a version that does not exist is named, with those that do', async () => {
  const form = await opens(night, 'auth-service production --to v9.9.9', /has no version "v9\.9\.9" in the cluster/);
  expect(form.reads).toMatch(
    /There are: v1\.4\.2 \(revision 5\), v1\.4\.3 \(revision 4\), v1\.4\.1 .*Choose one of them/,
  );
  expect(submitLabel(form)).toBeUndefined();
});

it('without a reason the field says so; one tap is enough', async () => {
  const { maya } = night;
  await opens(night, 'content-service production', /→ \*v1\.9\.1\*/);
  const before = night.rollbacks().length;
  expect(await pressedInVain(night)).not.toBe('');
  expect(night.rollbacks()).toHaveLength(before);
  await maya.check(/P95 latency above baseline/);
  expect(await pressed(night)).toContain(
    'Started: content-service in production, v1.9.2 → v1.9.1. Follow it in #incidents',
  );
  const root = await night.post(/ROLLBACK INITIATED[^]*content-service/);
  expect(root.reads).toContain('Reason: P95 latency above baseline');
});

it('“Other” needs words', async () => {
  const { maya } = night;
  await opens(night, 'customer-service production', /→ \*v2\.1\.0\*/);
  await maya.check('Other');
  expect(await pressedInVain(night)).toContain('Say in a few words what is wrong.');
  await maya.fill('In a few words', 'Customers see the orders of others');
  await pressed(night);
  const root = await night.post(/ROLLBACK INITIATED[^]*customer-service/);
  expect(root.reads).toContain('Reason: Customers see the orders of others');
});

it('a changed environment or service is planned anew, and a version chosen for another place is forgotten', async () => {
  const { maya } = night;
  await opens(night, 'notification-service production --to v1.6.2', /→ \*v1\.6\.2\*/);
  await maya.select('Environment', 'staging');
  const staging = await formReads(night, /\*v1\.7\.0\* → \*v1\.6\.3\*/);
  expect(maya.modal()?.title).toBe('Roll back in staging');
  expect(staging.reads).not.toContain('v1.6.2');
  await maya.select('Services', 'analytics-service');
  const both = await formReads(night, /\*analytics-service\*: \*v1\.8\.0\* → \*v1\.7\.0\*/);
  expect(both.reads).toContain('*notification-service*: *v1.7.0* → *v1.6.3*');
  expect(submitLabel(both)).toBe('Roll back 2 services');
});

it('two presses at once are one rollback', async () => {
  const { maya } = night;
  await opens(night, 'analytics-service production counts are wrong', /→ \*v1\.7\.0\*/);
  const [first, second] = await Promise.all([maya.submit(), maya.submit()]);
  expect([first, second].filter(({ ok }) => ok)).toHaveLength(1);
  await formReads(night, /Started: analytics-service/);
  await untilPhase(night, 'analytics-service', 'Monitoring');
  expect(night.rollbacks().filter(({ spec }) => spec.targets[0]?.service === 'analytics-service')).toHaveLength(1);
});

it('an envelope that Slack sends twice is one rollback', async () => {
  const { slack } = night;
  await opens(night, 'product-service production prices are wrong', /→ \*v3\.3\.0\*/);
  slack.faults.duplicateEnvelopes(1, true);
  await pressed(night);
  await untilPhase(night, 'product-service', 'Monitoring');
  expect(night.rollbacks().filter(({ spec }) => spec.targets[0]?.service === 'product-service')).toHaveLength(1);
  expect(rollbackOf(night, 'product-service')?.status?.targets[0]?.state).toBe('Back');
});

it('choices that cross on their way: the form ends with what was chosen last', async () => {
  const { maya, slack } = night;
  await opens(night, 'appointment-service production', /→ \*v1\.3\.0\*/);
  slack.faults.slowDown('views.update', 150);
  await Promise.all([maya.select('Go back to', /v1\.2\.5/), maya.select('Environment', 'staging')]);
  await night.until('staging is planned', () => maya.modal()?.title === 'Roll back in staging');
  await formReads(night, /\*appointment-service\*: \*v1\.3\.1\* → \*v1\.3\.0\*/);
  expect(fieldErrors(maya)).toBe('');
});

it('behind the scenes all was well', () => {
  expect(night.troubles).toEqual([]);
});
