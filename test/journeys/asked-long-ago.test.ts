import { afterEach, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { apply, tomsSpec } from '#test/harness/kubectl-author.ts';
import { deploy, rollbackOf, untilPhase, soonPosted } from '#test/harness/story.ts';

let night: Journey;
afterEach(() => night.stop());

it('a bot that was away for an hour begins nothing that was asked for then, and says so', async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  await night.stopBot();
  apply(night, 'by-hand', tomsSpec('auth-service'));
  night.skip(60);
  await night.startBot();
  const refused = await night.post(/\*ROLLBACK REFUSED\*/);
  expect(refused.reads).toMatch(/asked for 60 minutes ago and could not be started until now/);
  await untilPhase(night, 'auth-service', 'Refused');
  expect(night.version('auth-service')).toBe('v1.4.3');
});

it('Slack is down: who was in a group before rolls back with kubectl, and Slack is told later', async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  await night.until('the bot knows who is in which group', () => {
    const asked = night.slack.calls.list('usergroups.users.list').map(({ args }) => args['usergroup']);
    return [...night.slack.workspace.usergroups.keys()].every((group) => asked.includes(group));
  });
  night.slack.faults.setDown(true);
  apply(night, 'by-hand', tomsSpec('auth-service'));
  await night.until('it is patched', () => night.version('auth-service') === 'v1.4.2');
  await untilPhase(night, 'auth-service', 'Monitoring');
  night.slack.faults.setDown(false);
  await soonPosted(night, /\*ROLLBACK COMPLETE\*/);
  expect(rollbackOf(night, 'auth-service')?.status?.plan).toBeDefined();
});
