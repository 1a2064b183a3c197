/** Slack is away: what the README's file asks for does the same, and Slack catches up with one of each. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { manifests } from '#playground/cluster/server.ts';
import { turn } from '#playground/slack/troubles.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { apply, tomsSpec } from '#test/harness/kubectl-author.ts';
import { deploy, inChannel, reply, rollbacksOf, soonPosted, thread, untilPhase } from '#test/harness/story.ts';
import type { RollbackSpec } from '#rollback/spec.ts';

const SAMPLE = 'k8s/samples/rollback.yaml';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  await night.until('the bot knows who is in which group', () => {
    const asked = night.slack.calls.list('usergroups.users.list').map(({ args }) => args['usergroup']);
    return [...night.slack.workspace.usergroups.keys()].every((group) => asked.includes(group));
  });
});
afterAll(() => night.stop());

it('kubectl create -f rollback.yaml rolls back while Slack is away', async () => {
  const { slack, maya } = night;
  turn(slack, 'down');
  expect(await maya.type('#incidents', '/rollback auth-service production')).toEqual({
    ok: false,
    error: 'dispatch_failed',
  });
  const [sample] = manifests(readFileSync(SAMPLE, 'utf8')) as unknown as { spec: RollbackSpec }[];
  apply(night, 'by-hand', { ...sample!.spec, requestedBy: tomsSpec('auth-service').requestedBy });
  await untilPhase(night, 'auth-service', 'Monitoring');
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(night.problems()).toContain('No socket to Slack is open.');
  expect(inChannel(night)).toEqual([]);
});

it('Slack is back: one INITIATED, one outcome, no reply twice, and people go on from there', async () => {
  const { slack, tom } = night;
  turn(slack, 'down', false);
  const root = await soonPosted(night, /ROLLBACK INITIATED/);
  await soonPosted(night, /\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(
    inChannel(night)
      .map(({ reads }) => reads.split('\n')[0])
      .toSorted(),
  ).toEqual(['*ROLLBACK COMPLETE* — production', '*ROLLBACK INITIATED* — production']);
  const replies = thread(night, root).map(({ reads }) => reads);
  expect(replies).toEqual([...new Set(replies)]);
  const isHeld = (): boolean => Object.keys(rollbacksOf(night, 'auth-service')[0]?.spec.inputs ?? {}).length === 1;
  // A Slack that has just come back may not say yet who is in which group: then Tom waits some seconds and presses again.
  await night.until('Tom holds it', async () => {
    const pressedAt = night.clock.now();
    await tom.click('Take over', root);
    await night.soon('it shows, or seconds pass', () => isHeld() || night.clock.now() - pressedAt > 10_000);
    return isHeld();
  });
  expect(rollbacksOf(night, 'auth-service')).toHaveLength(1);
});
