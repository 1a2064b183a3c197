import { afterAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { askFor, deploy, rollBack, rollbackOf, untilPhase, untilReads } from '#test/harness/story.ts';

let night: Journey;
afterAll(() => night.stop());

it('a rollback that is monitored gives way to a newer one of its service', async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
  await rollBack(night, 'auth-service production first');
  await untilPhase(night, 'auth-service', 'Monitoring');
  const first = await night.post(/\*ROLLBACK COMPLETE\*/);
  await askFor(night, 'auth-service production --to v1.4.1 further');
  await untilReads(night, first, /superseded/);
  await night.until('v1.4.1 is back', () => rollbackOf(night, 'auth-service')?.status?.phase === 'Monitoring');
  expect(night.version('auth-service')).toBe('v1.4.1');
  expect(night.rollbacks()[0]?.status).toMatchObject({ phase: 'Superseded' });
});
