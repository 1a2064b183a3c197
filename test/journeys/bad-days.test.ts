/** What goes wrong in the cluster while a rollback runs, and whom it is told. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { resourceQuotas } from '#playground/cluster/objects.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  askFor,
  deploy,
  reply,
  rollBack,
  rollbackOf,
  soonPosted,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

const NAMESPACE = 'lomash-wood';
const ROLLBACKS = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };
const PODS = { group: '', version: 'v1', plural: 'pods' };
const IMAGE = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/customer-service:v2.1.1';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

it('log reads that hang: it is patched all the same, and what is missing is named', async () => {
  const { cluster } = night;
  await deploy(night, 'deploy-bad', 'auth-service');
  cluster.faults.between((request, pass) =>
    /\/pods\/auth-service-[^/]*\/log/.test(request.path) ? new Promise(() => undefined) : pass(),
  );
  const root = await rollBack(night, 'auth-service production logins fail');
  const captured = await reply(night, root, /Captured before the patch, kept in the cluster/);
  expect(captured.reads).toMatch(
    /MISSING: auth-service: logs of pod auth-service-\S+, container auth-service \(timed out\)/,
  );
  await untilPhase(night, 'auth-service', 'Monitoring');
  cluster.faults.between(undefined);
  expect(night.version('auth-service')).toBe('v1.4.2');
  await night.post(/\*ROLLBACK COMPLETE\*[^]*auth-service, v/);
});

it('a quota that lets no pod in: told by name, to the holder', async () => {
  const { cluster } = night;
  await deploy(night, 'deploy-bad', 'content-service');
  cluster.storage.create(resourceQuotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small', namespace: NAMESPACE },
    spec: { hard: { pods: '1' } },
    status: { hard: { pods: '1' }, used: { pods: '25' } },
  });
  await night.until('the quota is counted', () => {
    const quota = cluster.storage.get(resourceQuotas, NAMESPACE, 'small') as { status?: { hard?: object } } | undefined;
    return quota?.status?.hard !== undefined;
  });
  const root = await rollBack(night, 'content-service production blank pages');
  await untilReads(night, root, /no pod could be created: exceeded quota: small/);
  night.skip(0.5);
  const failed = await soonPosted(night, /\*ROLLBACK FAILED\*[^]*content-service/);
  expect(failed.reads).toContain('0 of 2 pods ready (no pod could be created: exceeded quota: small');
  expect(failed.reads).toContain('needs a person. @Maya Chen');
  cluster.storage.remove(resourceQuotas, NAMESPACE, 'small');
});

it('an object that somebody edits by hand mid-run: the edit stays, and the rollback goes on as it was', async () => {
  const { cluster, world } = night;
  await deploy(night, 'deploy-bad', 'customer-service');
  world.images.push(IMAGE, 'never-ready');
  await askFor(night, 'customer-service production no profiles');
  const root = await night.post(/ROLLBACK INITIATED[^]*customer-service/);
  await untilReads(night, root, /Now: \d of \d pods ready/);
  const { name } = rollbackOf(night, 'customer-service')!.metadata;
  cluster.storage.change(ROLLBACKS, 'rollback-bot', name, (stored: any) => ({
    ...stored,
    metadata: { ...stored.metadata, labels: { ...stored.metadata.labels, ticket: 'lw-412' } },
    status: { ...stored.status, message: 'edited by hand', timeline: stored.status.timeline.slice(0, 1) },
  }));
  world.images.push(IMAGE, 'ok');
  for (const { name: pod, ready } of world.view().find((s) => s.name === 'customer-service')?.pods ?? [])
    if (!ready) cluster.storage.remove(PODS, NAMESPACE, pod);
  const done = await untilPhase(night, 'customer-service', 'Monitoring');
  expect(done.metadata.labels).toMatchObject({ ticket: 'lw-412' });
  expect(done.status?.targets[0]?.state).toBe('Back');
  await night.post(/\*ROLLBACK COMPLETE\*[^]*of 1: customer-service,/);
  expect(posts()).toHaveLength(2);
});

const posts = () =>
  night.maya
    .sees('#incidents')
    .filter((m) => /INITIATED[^]*Service\(s\): customer-service|COMPLETE[^]*of 1: customer-service,/.test(m.reads));
