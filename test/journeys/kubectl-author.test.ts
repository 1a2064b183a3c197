import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, reply, rollbackOf, told, untilPhase, untilReads } from '#test/harness/story.ts';
import type { RollbackSpec } from '#rollback/spec.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const tom = { id: 'tom.okafor@lomashwood.com', name: 'Tom Okafor', via: 'kubectl' as const };
const stranger = { id: 'intern@lomashwood.com', name: 'An Intern', via: 'kubectl' as const };

const specOf = (service: string, more: Partial<RollbackSpec> = {}) => ({
  environment: 'production',
  targets: [{ service }],
  reason: { kind: 'health-check', text: 'typed with kubectl' },
  requestedBy: tom,
  ...more,
});

/** `kubectl apply -f`. Throws with what the API server says. */
const apply = (name: string, spec: object) =>
  night.cluster.load([
    {
      apiVersion: 'ops.lomashwood.com/v1alpha1',
      kind: 'Rollback',
      metadata: { name, namespace: 'rollback-bot' },
      spec,
    },
  ]);

it('a rollback made with kubectl does the same, and is told in Slack', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  apply('by-hand', specOf('auth-service'));
  const root = await night.post(/ROLLBACK INITIATED/);
  expect(root.reads).toContain('Service(s): auth-service (v1.4.3 → v1.4.2)');
  expect(root.reads).toContain('Started by: Tom Okafor (kubectl)');
  expect(root.reads).toContain('typed with kubectl');
  await night.post(/\*ROLLBACK COMPLETE\*/);
  await reply(night, root, /Verification: 1 of 9 answered/);
  expect(night.version('auth-service')).toBe('v1.4.2');
  expect(inChannel(night)).toHaveLength(2);
});

it('people in Slack take it over like any other', async () => {
  const { maya } = night;
  const root = await night.post(/ROLLBACK INITIATED/);
  await maya.click('Take over', root);
  await told(night, maya, /you hold this rollback now/);
  await untilReads(night, root, /held by Maya Chen/);
  await untilReads(night, await night.post(/\*ROLLBACK COMPLETE\*/), /@Maya Chen/);
});

it('an author who may not is refused in public, and nothing is touched', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  apply('by-intern', specOf('content-service', { requestedBy: stranger }));
  const refused = await night.post(/ROLLBACK REFUSED/);
  expect(refused.reads).toContain('Nothing was touched');
  expect(refused.reads).toContain('An Intern');
  await untilPhase(night, 'content-service', 'Refused');
  expect(night.version('content-service')).toBe('v1.9.3');
});

it('what was asked for cannot be changed afterwards; answers can only be added', () => {
  const spec = rollbackOf(night, 'auth-service')!.spec;
  expect(() => apply('by-hand', { ...spec, targets: [{ service: 'api-gateway' }] })).toThrow(/immutable|change/i);
  expect(() => apply('by-hand', { ...spec, requestedBy: stranger })).toThrow(/immutable|change/i);
  expect(Object.keys(spec.inputs ?? {})).toHaveLength(1);
  expect(() => apply('by-hand', { ...spec, inputs: {} })).toThrow(/input/i);
  expect(() => apply('by-hand', { ...spec, inputs: undefined })).toThrow(/input/i);
  const [[key, input] = ['', {}]] = Object.entries(spec.inputs ?? {});
  expect(() => apply('by-hand', { ...spec, inputs: { [key]: { ...input, at: '2020-01-01T00:00:00Z' } } })).toThrow(
    /input/i,
  );
  const note = {
    kind: 'note',
    by: { id: tom.id, name: tom.name },
    at: new Date(night.clock.now()).toISOString(),
    text: 'x',
  };
  expect(() => apply('by-hand', { ...spec, inputs: { ...spec.inputs, more: note } })).not.toThrow();
});

it('what makes no sense is refused by the API server', () => {
  expect(() => apply('nonsense', specOf('auth-service', { targets: [] }))).toThrow(/targets/);
  expect(() => apply('nonsense', { ...specOf('auth-service'), method: 'magic' })).toThrow(/method/);
  expect(() => apply('nonsense', { ...specOf('auth-service'), reason: undefined })).toThrow(/reason/);
});

it('a service that nobody knows is refused in words', async () => {
  apply('unknown', specOf('no-such-service'));
  const refused = await untilPhase(night, 'no-such-service', 'Refused');
  expect(refused.status?.message).toMatch(/no-such-service/);
  expect(night.troubles).toEqual([]);
});

it('the App Home shows what runs and what was', async () => {
  const { maya } = night;
  await maya.openHome();
  const home = await night.until('a home', () => maya.home());
  expect(home).toMatch(/Running[^]*auth-service.* in production: Monitoring, 1 of 1 back, held by Maya Chen/);
  expect(home).toMatch(/Before[^]*content-service.* in production: Refused/);
  expect(home).toContain('[Roll back…]');
  await maya.click('Roll back…', 'home');
  await night.until('the form', () => maya.modal()?.title.startsWith('Roll back'));
});
