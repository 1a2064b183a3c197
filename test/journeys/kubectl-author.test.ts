import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { apply as applyAs, TOM, tomsSpec } from '#test/harness/kubectl-author.ts';
import { deploy, inChannel, reply, rollbackOf, told, untilPhase, untilReads } from '#test/harness/story.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterAll(() => night.stop());

const INTERN = { username: 'intern@lomashwood.com', group: 'lomashwood:interns' };
const stranger = { id: INTERN.username, name: 'An Intern', via: 'kubectl' as const };

const apply = (name: string, spec: object, author = TOM): void => applyAs(night, name, spec, author);
const replace = (name: string, spec: object): void => applyAs(night, name, spec, 'an administrator');

it('a rollback made with kubectl does the same, and is told in Slack', async () => {
  await deploy(night, 'deploy-bad', 'auth-service');
  apply('by-hand', tomsSpec('auth-service'));
  const root = await night.post(/ROLLBACK INITIATED/);
  expect(root.reads).toContain('Service(s): auth-service (v1.4.3 → v1.4.2)');
  expect(root.reads).toContain('Started by: Tom Okafor (kubectl)');
  expect(root.reads).toContain('logins fail');
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

it('whom RBAC does not let is refused by the API server, and so is who speaks for somebody else', () => {
  const interns = tomsSpec('content-service', { requestedBy: stranger });
  const mayNotCreate = /User "intern@lomashwood\.com" cannot create resource "rollbacks"/;
  expect(() => apply('by-intern', interns, INTERN)).toThrow(mayNotCreate);
  const onlyForHimself =
    /requestedBy must be yourself: \{id: tom\.okafor@lomashwood\.com, via: kubectl\}\. Only the bot/;
  expect(() => apply('by-intern', interns)).toThrow(onlyForHimself);
  const slack = { id: 'U0ONCALL', name: 'Maya Chen', via: 'slack' as const };
  expect(() => apply('as-maya', tomsSpec('content-service', { requestedBy: slack }))).toThrow(onlyForHimself);
  const dev = tomsSpec('content-service', { environment: 'dev' });
  const mayNotThere = /tom\.okafor@lomashwood\.com may not roll back dev: it takes the verb rollback on environments/;
  expect(() => apply('in-dev', dev)).toThrow(mayNotThere);
  expect(rollbackOf(night, 'content-service')).toBeUndefined();
});

it('an author who may not is refused in public, and nothing is touched', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  apply('by-intern', tomsSpec('content-service', { requestedBy: stranger }), { ...INTERN, group: TOM.group });
  const refused = await night.post(/\*ROLLBACK REFUSED\*/);
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
  expect(() => apply('by-hand', { ...spec, inputs: null })).toThrow(/input/i);
  expect(() => replace('by-hand', { ...spec, inputs: {} })).toThrow(/input/i);
  expect(() => replace('by-hand', { ...spec, inputs: undefined })).toThrow(/input/i);
  const [[key, input] = ['', {}]] = Object.entries(spec.inputs ?? {});
  expect(() => apply('by-hand', { ...spec, inputs: { [key]: { ...input, at: '2020-01-01T00:00:00Z' } } })).toThrow(
    /input/i,
  );
  const note = {
    kind: 'note',
    by: { id: TOM.username, name: 'Tom Okafor' },
    at: new Date(night.clock.now()).toISOString(),
    text: 'x',
  };
  const mayas = { ...note, by: { id: 'U0ONCALL', name: 'Maya Chen' } };
  expect(() => apply('by-hand', { ...spec, inputs: { more: mayas } })).toThrow(/an input must be by yourself/);
  expect(() => apply('by-hand', { ...spec, inputs: { more: note } })).not.toThrow();
});

it('what makes no sense is refused by the API server', () => {
  expect(() => apply('nonsense', tomsSpec('auth-service', { targets: [] }))).toThrow(/targets/);
  expect(() => apply('nonsense', { ...tomsSpec('auth-service'), method: 'magic' })).toThrow(/method/);
  expect(() => apply('nonsense', { ...tomsSpec('auth-service'), reason: undefined })).toThrow(/reason/);
});

it('a service that nobody knows is refused in words', async () => {
  apply('unknown', tomsSpec('no-such-service'));
  const refused = await untilPhase(night, 'no-such-service', 'Refused');
  expect(refused.status?.message).toMatch(/no-such-service/);
  expect(night.troubles).toEqual([]);
});

it('the bot asks the API server as its own account, and as nobody else', () => {
  expect(night.botUsers()).toEqual(['system:serviceaccount:rollback-bot:rollback-bot']);
});

it('the App Home shows what runs and what was', async () => {
  const { maya } = night;
  await maya.openHome();
  const home = await night.until('a home', () => (/Running/.test(maya.home() ?? '') ? maya.home() : undefined));
  expect(home).toMatch(/Running[^]*auth-service.* in production: Monitoring, 1 of 1 back, held by Maya Chen/);
  expect(home).toMatch(/Before[^]*content-service.* in production: Refused/);
  expect(home).toContain('[Roll back…]');
  await maya.click('Roll back…', 'home');
  await night.until('the form', () => maya.modal()?.title.startsWith('Roll back'));
});
