import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { ApiRequest } from '#playground/cluster/api/message.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  again,
  askFor,
  deploy,
  inChannel,
  rollBack,
  rollbackOf,
  soonPosted,
  soonReads,
  thread,
  told,
  untilReads,
} from '#test/harness/story.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterEach(() => night.cluster.faults.answer(undefined));
afterAll(() => night.stop());

const isDeploymentPatch = ({ method, path }: ApiRequest) => method === 'PATCH' && path.includes('/deployments/');

it('whoever takes over is called instead of the starter', async () => {
  const { tom, maya } = night;
  await deploy(night, 'deploy-bad', 'auth-service');
  night.world.images.push(IMAGE, 'never-ready');
  const root = await rollBack(night, 'auth-service production logins fail');
  await tom.click('Take over', root);
  await told(night, tom, /Recorded: you hold this rollback now/);
  await untilReads(night, root, /Started by: Maya Chen — held by Tom Okafor/);
  await untilReads(night, root, /Now: 0 of 3 pods ready/);
  night.skip(10.5);
  const called = await night.post(/NEEDS A PERSON/);
  expect(called.reads).toContain('@Tom Okafor');
  expect(called.reads).not.toContain('@Maya Chen');
  await maya.click('Take over', root);
  await untilReads(night, called, /@Maya Chen/);
  expect(thread(night, root).filter(({ broadcast }) => broadcast)).toHaveLength(1);
});

it('too late: what is patched already is said by name, and stays', async () => {
  const { maya } = night;
  const root = await night.post(/ROLLBACK INITIATED/);
  await soonReads(night, root, /Now: 0 of 3 pods ready, 1\d min/);
  expect(again(night, root)).not.toContain('[Cancel]');
  const [old] = night.slack.workspace.messages.of(root.channel).filter(({ ts }) => ts === root.ts);
  old!.blocks = JSON.parse(
    JSON.stringify(root.blocks).replace('rollback.take_over', 'rollback.cancel').replace('"Take over"', '"Cancel"'),
  ) as NonNullable<typeof root.blocks>;
  await maya.click('Cancel', await night.post(/ROLLBACK INITIATED/));
  await told(night, maya, /Too late to cancel: auth-service is patched already/);
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(rollbackOf(night, 'auth-service')?.status?.phase).toBe('RollingBack');
});

it('cancelled while the API server takes no patch: nothing is touched, then or later', async () => {
  const { maya, cluster } = night;
  await deploy(night, 'deploy-bad', 'content-service');
  cluster.faults.answer(500, isDeploymentPatch);
  const posts = inChannel(night).length;
  await askFor(night, 'content-service production blank pages');
  const root = await soonPosted(night, /ROLLBACK INITIATED[^]*content-service/);
  await soonReads(night, root, /\[Cancel\]/);
  await maya.click('Cancel', root);
  await told(night, maya, /Recorded: cancelled/);
  await night.soon('it is cancelled', () => rollbackOf(night, 'content-service')?.status?.phase === 'Cancelled');
  await soonReads(night, root, /Now: cancelled by Maya Chen, nothing was touched/);
  cluster.faults.answer(undefined);
  await night.soon('it is settled', () =>
    rollbackOf(night, 'content-service')?.status?.conditions.some(
      ({ type, status }) => type === 'Settled' && status === 'True',
    ),
  );
  expect(night.version('content-service')).toBe('v1.9.3');
  expect(inChannel(night)).toHaveLength(posts + 1);
  expect(again(night, root)).not.toMatch(/\[Cancel\]|\[Undo/);
});

it('what was cancelled can be asked for again', async () => {
  const { maya } = night;
  const second = await rollBack(night, 'content-service production blank pages again');
  expect(second.reads).toContain('content-service (v1.9.3 → v1.9.2)');
  await night.post(/\*ROLLBACK COMPLETE\*[^]*content-service, v1\.9\.2/);
  expect(maya.notices()).toEqual([]);
});
