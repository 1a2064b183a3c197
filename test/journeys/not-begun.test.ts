import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { apply, TOM, tomsSpec } from '#test/harness/kubectl-author.ts';
import { deploy, inChannel, soonPosted, soonReads, untilPhase, untilReads } from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney({ startsBot: false });
  await deploy(night, 'deploy-bad', 'auth-service');
});
afterAll(() => night.stop());

const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };

/** A bot that has never seen production, for its cluster does not answer. */
async function startBlind(): Promise<void> {
  night.cluster.faults.answer(500, ({ path }) => path.includes('/namespaces/lomash-wood/'));
  const holder = (): string | undefined =>
    (night.cluster.storage.get(LEASES, 'rollback-bot', 'rollback-bot') as any)?.spec.holderIdentity;
  await night.startBot();
  await night.soon('it leads', () => holder() || undefined);
}

it('a cluster that does not answer: after a minute the channel says what is known, then it begins', async () => {
  await startBlind();
  apply(night, 'by-hand', tomsSpec('auth-service'));
  await night.until('it was tried', () => night.troubles.some((line) => line.includes('"rollback":"by-hand"')));
  expect(inChannel(night)).toEqual([]);
  night.skip(1.1);
  const root = await night.post(/ROLLBACK NOT BEGUN YET/);
  expect(root.reads).toContain('Service(s): auth-service\nReason: logins fail\nAsked for by: Tom Okafor (kubectl)');
  expect(root.reads).toContain('Now: nothing was touched. The API server of production does not answer.');
  expect(root.reads).toContain('kubectl rollout undo deployment/auth-service -n lomash-wood');
  const { status } = await untilPhase(night, 'auth-service', 'Pending');
  expect(status?.message).toBe('Not begun yet, nothing was touched. The API server of production does not answer.');

  night.cluster.faults.answer(undefined);
  await soonReads(night, root, /ROLLBACK INITIATED[^]*Service\(s\): auth-service \(v1\.4\.3 → v1\.4\.2\)/);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  expect(inChannel(night)).toHaveLength(2);
});

it('an environment that nobody knows is refused where production is told, with the names that are known', async () => {
  const mistyped = tomsSpec('content-service', { environment: 'prodution' });
  // Only an administrator gets as far: for everybody else RBAC knows no such environment.
  expect(() => apply(night, 'mistyped', mistyped)).toThrow(/tom\.okafor@lomashwood\.com may not roll back prodution/);
  apply(night, 'mistyped', mistyped, { ...TOM, group: 'system:masters' });
  const refused = await night.post(/ROLLBACK REFUSED\*? — prodution: content-service/);
  expect(refused.reads).toContain(
    'There is no environment "prodution" in the catalogue. Known: production, staging, dev.',
  );
});

it('a cluster that stays silent: half an hour later it is refused, with a call', async () => {
  await night.stopBot();
  await startBlind();
  apply(night, 'too-long', tomsSpec('content-service'));
  night.skip(2);
  const root = await soonPosted(night, /ROLLBACK NOT BEGUN YET[^]*content-service/);
  night.skip(30);
  const refused = await soonPosted(night, /ROLLBACK REFUSED\*? — production: content-service/);
  expect(refused.reads).toMatch(/could not be started until now/);
  await untilReads(night, root, /ROLLBACK NOT BEGUN\*? — production: content-service.*see ROLLBACK REFUSED/);
  expect(refused.ts).not.toBe(root.ts);
});
