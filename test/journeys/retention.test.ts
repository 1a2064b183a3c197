import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollBack, untilReads } from '#test/harness/story.ts';
import { aCondition, aRollback, aStatus, aTarget } from '#test/harness/builders.ts';

const ROLLBACKS = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };
const DAY_MS = 24 * 60 * 60_000;

let night: Journey;
beforeAll(async () => {
  night = await startJourney({ startsBot: false });
});
afterAll(() => night.stop());

const ago = (days: number): string => new Date(night.clock.now() - days * DAY_MS).toISOString();
const names = (): string[] => night.rollbacks().map(({ metadata }) => metadata.name);

/** On a real control plane nobody else can be let in without the bot (k8s/admission.yaml). */
const requestedBy = { id: 'admin', name: 'An administrator', via: 'kubectl' } as const;

/** A rollback of that time, as a bot of that time left it. */
function remember(name: string, days: number): void {
  const { metadata: _made, ...old } = aRollback({
    spec: { requestedBy },
    status: aStatus({
      phase: 'Resolved',
      targets: [aTarget()],
      conditions: [aCondition('Settled', 'Done')],
      startedAt: ago(days),
      endedAt: ago(days),
    }),
  });
  const metadata = { name, namespace: 'rollback-bot', finalizers: ['ops.lomashwood.com/settle'] };
  night.cluster.storage.create(ROLLBACKS, { ...old, metadata });
}

it('old rollbacks are deleted but for the last three of a service; nothing holds them any more', async () => {
  for (const [i, name] of ['a', 'b', 'c', 'd', 'e'].entries()) remember(name, 300 - i);
  await night.startBot();
  await night.until('two are gone', () => names().length === 3);
  expect(night.rollbacks().every(({ metadata }) => (metadata.finalizers ?? []).length === 0)).toBe(true);
});

it('one that has settled is cut to 8 KiB, and its buttons still lead on', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  await rollBack(night, 'content-service production blank pages');
  const outcome = await night.post(/\*ROLLBACK COMPLETE\*[^]*content-service, v/);
  const kept = () => night.rollbacks().find(({ spec }) => spec.targets[0]?.service === 'content-service')!.status!;
  expect(kept().plan?.services[0]?.findings).not.toEqual([]);
  night.skip(16);
  await night.maya.click('Mark resolved', await night.post(/15 minutes (stable|are over)[^]*Mark resolved/));
  await untilReads(night, outcome, /Status: Resolved/);
  await night.until('it is cut', () => kept().steps.length === 0);
  expect(kept().plan?.services[0]).toMatchObject({ findings: [], details: '' });
  expect(Buffer.byteLength(JSON.stringify(kept()))).toBeLessThanOrEqual(8 * 1024);
  await night.maya.click('Undo this rollback…', outcome);
  await night.until('the form leads back', () => /v1\.9\.2.*→.*v1\.9\.3/.test(night.maya.modal()?.reads ?? ''));
  await night.maya.close();
});
