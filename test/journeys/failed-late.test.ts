import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, rollBack, rollbackOf, soonReplied, untilPhase, untilReads } from '#test/harness/story.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

it('pods that come after the word FAILED: the thread and the outcome say so, the outcome stays', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  night.world.images.push(IMAGE, 'never-ready');
  const root = await rollBack(night, 'auth-service production logins fail');
  await untilReads(night, root, /Now: \d of 3 pods ready/);
  night.skip(41);
  const outcome = await night.post(/\*ROLLBACK FAILED\*/);
  expect(outcome.reads).toContain('NOT monitoring, needs a person. @Maya Chen');
  const seenThen = /NOT returned: .*/.exec(outcome.reads)?.[0];
  expect(seenThen).toMatch(/\d of 3 pods ready \(/);
  night.world.images.push(IMAGE, 'ok');
  const pods = { group: '', version: 'v1', plural: 'pods' };
  for (const { name, ready } of night.world.view().find((s) => s.name === 'auth-service')?.pods ?? [])
    if (!ready) night.cluster.storage.remove(pods, 'lomash-wood', name);
  await night.until('pods are back', () =>
    night.world.view().some((s) => s.name === 'auth-service' && s.pods.length === 3 && s.pods.every((p) => p.ready)),
  );
  await soonReplied(
    night,
    root,
    /Came back by itself, after this rollback had ended as FAILED: auth-service v1\.4\.2, 3 of 3/,
  );
  const reads = await untilReads(
    night,
    outcome,
    /Came back by itself since: auth-service at \d\d:\d\d UTC\. Check it\./,
  );
  expect(reads).toContain('ROLLBACK FAILED');
  expect(reads).toContain(seenThen);
  await untilPhase(night, 'auth-service', 'Failed');
  await night.until('it is settled', () =>
    rollbackOf(night, 'auth-service')?.status?.conditions.some((c) => c.type === 'Settled'),
  );
  expect(rollbackOf(night, 'auth-service')?.status?.targets[0]).toMatchObject({ state: 'NotBack' });
  expect(inChannel(night)).toHaveLength(2);
});
