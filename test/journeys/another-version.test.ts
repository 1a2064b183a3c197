import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { manifests } from '#playground/cluster/server.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { answered, deploy, reply, rollBack, untilPhase, untilTold } from '#test/harness/story.ts';

const ROLLBACKS = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };
const MARK = 'ops.lomashwood.com/status-schema';

let night: Journey;
beforeAll(async () => {
  night = await startJourney({ startsBot: false });
  await deploy(night, 'deploy-bad', 'auth-service');
});
afterAll(() => night.stop());

/** `kubectl apply -f crd.yaml` of a version whose status schema had this number. */
function applyDefinition(schema: string): void {
  const [definition] = manifests(readFileSync('k8s/crd.yaml', 'utf8'));
  const { name } = definition!.metadata;
  night.cluster.load([{ ...definition!, metadata: { name, annotations: { [MARK]: schema } } }]);
}

const isLed = () =>
  night.cluster.storage.get(
    { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' },
    'rollback-bot',
    'rollback-bot',
  ) !== undefined;

it('a definition older than the bot: it is not ready, says what to apply, and begins nothing', async () => {
  applyDefinition('0');
  await night.startBot();
  await night.until('it says so', () => night.troubles.some((line) => /older than this bot/.test(line)));
  expect(night.problems()).toEqual([expect.stringMatching(/^The definition of Rollbacks.*Apply k8s\/crd\.yaml/)]);
  expect(isLed()).toBe(false);
});

it('the definition is brought up to date, or is newer: the bot goes to work by itself', async () => {
  applyDefinition('99');
  await night.soon('it leads', isLed);
  expect(night.problems()).toEqual([]);
  const root = await rollBack(night, 'auth-service production logins fail');
  await untilPhase(night, 'auth-service', 'Monitoring');
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  await untilTold(night, 'auth-service');
});

it('a status that a newer bot wrote is left alone, and that is said', async () => {
  const [rollback] = night.rollbacks();
  const { name } = rollback!.metadata;
  night.cluster.storage.change(ROLLBACKS, 'rollback-bot', name, (stored: any) => ({
    ...stored,
    status: { ...stored.status, schema: 99 },
  }));
  await night.until('the log says so', () => night.troubles.some((line) => /left alone.*newer bot/.test(line)));
  const { resourceVersion } = (night.cluster.storage.get(ROLLBACKS, 'rollback-bot', name) as any).metadata;
  const { maya } = night;
  const status = await answered(night, 'status', new RegExp(`${name}.*Written by a newer bot`));
  expect(status.reads).toContain('left alone');
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
  await maya.click('Undo this rollback…', outcome);
  await night.until('the button says so', () =>
    maya.sees('#incidents').some((m) => m.ephemeral && /newer version of the bot/.test(m.reads)),
  );
  night.skip(20);
  await deploy(night, 'deploy-bad', 'content-service');
  await rollBack(night, 'content-service production blank pages');
  await untilPhase(night, 'content-service', 'Monitoring');
  expect((night.cluster.storage.get(ROLLBACKS, 'rollback-bot', name) as any).metadata.resourceVersion).toBe(
    resourceVersion,
  );
});
