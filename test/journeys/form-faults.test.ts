import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { turn } from '#playground/slack/troubles.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const formReads = (words: RegExp) =>
  night.until(`the form reads ${String(words)}`, () =>
    words.test(night.maya.modal()?.reads ?? '') ? night.maya.modal() : undefined,
  );
const told = (words: RegExp) =>
  night.until(`Maya is told ${String(words)}`, () => (night.maya.message(words)?.ephemeral ? true : undefined));
const open = async (line: string) => {
  await night.maya.type('#incidents', `/rollback ${line}`);
  return await formReads(/Now v\d/);
};

it('an API server that is silent when the button is pressed: not confirmed yet, then started, once', async () => {
  const { maya, cluster } = night;
  await open('content-service production broken pages');
  await cluster.faults.down();
  await maya.submit();
  await formReads(/Not confirmed yet/);
  await cluster.faults.up();
  await formReads(/Started: content-service in production, v1\.9\.2 → v1\.9\.1/);
  expect(night.rollbacks().map(({ spec }) => spec.targets[0]?.service)).toEqual(['content-service']);
  await maya.close();
});

it('an API server that is silent when the form opens: the command by hand, and another try', async () => {
  const { maya, cluster } = night;
  await cluster.faults.down();
  await night.until('the watch has noticed', async () => {
    await maya.type('#incidents', '/rollback customer-service production');
    const form = await formReads(/Now v\d|does not answer/);
    if (form.reads.includes('does not answer')) return true;
    await maya.close();
    return undefined;
  });
  expect(maya.modal()?.reads).toContain('kubectl rollout undo deployment/customer-service -n lomash-wood');
  await cluster.faults.up();
  await night.until('a plan again', async () => {
    const pressedAt = night.clock.now();
    if (maya.modal()?.reads.includes('Try again')) await maya.click('Try again');
    const hasPlan = (): boolean => maya.modal()?.reads.includes('Now v2.1.1') === true;
    await night.soon('it is planned, or seconds pass', () => hasPlan() || night.clock.now() - pressedAt > 10_000);
    return hasPlan();
  });
  await maya.close();
});

it('an acknowledgement that is lost: pressing again is the same rollback', async () => {
  const { maya, slack } = night;
  await open('product-service production wrong prices');
  slack.faults.acksToLose = 1;
  expect(await maya.submit()).toEqual({ ok: false, error: 'operation_timeout' });
  await maya.submit();
  await formReads(/Started: product-service/);
  expect(night.rollbacks().filter(({ spec }) => spec.targets[0]?.service === 'product-service')).toHaveLength(1);
  await maya.close();
});

it('a choice that was made but not shown yet is not pressed through', async () => {
  const { maya, slack } = night;
  await open('customer-service production slow');
  slack.faults.slowDown('views.update', 400);
  const choosing = maya.select('Services', 'content-service');
  const before = night.rollbacks().length;
  await maya.submit();
  await choosing;
  const errors = Object.values(maya.modal()?.errors ?? {});
  expect(errors.join(' ')).toMatch(/was not shown yet/);
  expect(night.rollbacks()).toHaveLength(before);
  await maya.close();
});

it('Slack that limits the form, or lets its trigger expire, is named', async () => {
  const { maya, slack } = night;
  slack.faults.rateLimit('views.open', 3, { times: 1 });
  await maya.type('#incidents', '/rollback');
  expect(await told(/Slack is limiting the bot/)).toBe(true);
  slack.faults.refuse('views.open', 'expired_trigger_id');
  await maya.type('#incidents', '/rollback');
  expect(await told(/three seconds and they were over/)).toBe(true);
});

it('Slack that limits what fills the form: it is filled as soon as Slack takes it', async () => {
  const { maya, slack } = night;
  slack.faults.rateLimit('views.update', 1, { times: 2 });
  await open('analytics-service production no figures');
  const answers = slack.calls.list('views.update').map(({ result }) => result['error']);
  expect(answers.filter((error) => error === 'ratelimited')).toHaveLength(2);
  await maya.close();
});

it('groups that cannot be read let nobody through', async () => {
  const { maya, slack } = night;
  night.skip(2);
  slack.faults.failHttp('usergroups.users.list', 503, { forMs: 60_000 });
  await maya.type('#incidents', '/rollback notification-service production');
  const form = await formReads(/Slack did not say whether you may/);
  expect(form.view).not.toHaveProperty('submit');
  await maya.close();
  night.skip(2);
});

it('sockets that Slack refreshes are back at once', async () => {
  const { maya, slack } = night;
  slack.faults.refreshSockets();
  await night.until('two sockets', () => slack.core.sockets.size === 2);
  await maya.type('#incidents', '/rollback status');
  expect(await told(/product-service\* in production/)).toBe(true);
});

it('a bot that is not in the channel says so before the button is pressed', async () => {
  const { maya, slack } = night;
  slack.workspace.channels.get('C0STAGING')?.members.delete('U0BOT');
  await maya.type('#incidents', '/rollback auth-service staging');
  expect(await formReads(/I am not in #staging-deploys.*\/invite/)).toHaveProperty('title', 'Roll back in staging');
  await maya.close();
});

it('not confirmed yet, the form closed, and no way to speak where it was asked for: it is told directly', async () => {
  const { maya, cluster, slack } = night;
  await open('notification-service production mails are late');
  turn(slack, 'not-in-channel');
  await cluster.faults.down();
  await maya.submit();
  await formReads(/Not confirmed yet/);
  await maya.close();
  await cluster.faults.up();
  await night.until('Maya is told directly that it was taken', () =>
    maya.sees().find(({ channel, reads }) => channel.startsWith('D') && /Started: notification-service/.test(reads)),
  );
  expect(night.rollbacks().filter(({ spec }) => spec.targets[0]?.service === 'notification-service')).toHaveLength(1);
  turn(slack, 'not-in-channel', false);
});
