import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { formReads, opens, saidByBot, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { answered, deploy, rollBack, rollbackOf, untilPhase, untilTold } from '#test/harness/story.ts';

describe('what a person types', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
    await deploy(night, 'deploy-bad', 'auth-service');
  });
  afterEach(() => night.maya.modal() && night.maya.close());
  afterAll(() => night.stop());

  it.each([
    ['auth-service production'],
    ['production auth-service'],
    ['AUTH-SERVICE Production'],
    ['auth prod'],
    ['prod auth'],
    ['Auth in live'],
    ['`auth-service` “production”'],
    ['auth-service, production'],
    ['auth‑service prd'],
  ])('“%s” is auth-service in production', async (line) => {
    const form = await opens(night, line, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
    expect(form.title).toBe('Roll back in production');
    expect(form.reads).toContain('Read as: auth-service · production');
    expect(form.reads).not.toContain('reason “');
    expect(submitLabel(form)).toBe('Roll back 1 service');
  });

  it.each([
    ['gateway prod', 'api-gateway · production', 'Roll back 1 service'],
    ['payments production', 'order-payment-service · production', 'Roll back 1 service'],
    ['auth and content in prod', 'auth-service, content-service · production', 'Roll back 2 services'],
    ['production auth-service customer-service', 'auth-service, customer-service · production', 'Roll back 2 services'],
    ['all prod', 'all services · production', 'Roll back 9 services'],
    ['production all services', 'all services · production', 'Roll back 9 services'],
    ['all auth-service production', 'auth-service · production', 'Roll back 1 service'],
  ])('“%s” is read as %s', async (line, readAs, label) => {
    const form = await opens(night, line, /\*v1\.\d+\.\d+\*|\*v2\.\d+\.\d+\*/);
    expect(form.reads).toContain(`Read as: ${readAs}`);
    expect(submitLabel(form)).toBe(label);
  });

  it.each([
    ['auth-service production all logins fail', 'all logins fail'],
    ['auth prod all of it is broken', 'all of it is broken'],
    ['auth-service production content-service pages ask for a login', 'content-service pages ask for a login'],
    ['auth-service prod “500s — since 02:51, see staging”', '500s — since 02:51, see staging'],
  ])('“%s” is auth-service only, the rest is the reason', async (line, reason) => {
    const form = await opens(night, line, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
    expect(form.reads).toContain(`Read as: auth-service · production · reason “${reason}”`);
    expect(form.reads).toContain(`(${reason})`);
    expect(submitLabel(form)).toBe('Roll back 1 service');
  });

  it('/rollback alone opens an empty form, in which nothing is preselected as production', async () => {
    const form = await opens(night, '', /Choose an environment/);
    expect(form.title).toBe('Roll back');
    expect(submitLabel(form)).toBeUndefined();
    expect(JSON.stringify(form.view)).not.toMatch(/initial_option/);
    await night.maya.select('Environment', 'dev');
    await formReads(night, /at least one service/);
  });

  it('a service alone leaves the environment open', async () => {
    const form = await opens(night, 'auth-service', /Choose an environment: the plan/);
    expect(submitLabel(form)).toBeUndefined();
    expect(form.reads).toContain('no environment named');
  });

  it('nothing was started by reading, and nothing went wrong', () => {
    expect(night.rollbacks()).toEqual([]);
    expect(saidByBot(night)).toEqual([]);
    expect(night.troubles).toEqual([]);
  });
});

describe('what a person types and what is answered for their eyes only', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
    await deploy(night, 'deploy-bad', 'auth-service');
  });
  afterAll(() => night.stop());

  const answers = (line: string, words: RegExp) => answered(night, line, words);

  it.each([
    ['auht-service production', /Did you mean auth-service\?/],
    ['auth-service produciton', /Did you mean production\?/],
    ['auth-service qa logins fail', /“qa” is not an environment here\. Environments: production, staging, dev\./],
    ['billing-service production', /“billing-service” is not a service here\. Services: api-gateway, auth-service/],
    ['a production', /is not a service here/],
    ['auth content production --to v1.4.2', /--to picks one version, so it goes with one service only/],
    ['all production --to 2', /--to picks one version/],
    ['auth production --force', /--force is not known/],
    ['auth production staging', /Two environments are named: production and staging/],
    ['history production', /History of which service/],
  ])('“%s”', async (line, words) => {
    const seen = await answers(line, words);
    expect(seen.reads).toContain('Nothing was started.');
    expect(night.maya.modal()).toBeUndefined();
    expect(night.sam.message(words)).toBeUndefined();
  });

  it('help names every line that can be typed, and who reads it knows that nothing happens yet', async () => {
    const help = await answers('help', /Nothing happens before you press/);
    for (const line of [
      'history',
      'status',
      '--to',
      '--dry-run',
      '--drill',
      'all production',
      'Roll back because of it',
    ])
      expect(help.reads).toContain(line);
  });

  it('history tells versions first, with who, when and which is current', async () => {
    const history = await answers('history auth prod', /auth-service in production/);
    const lines = history.reads.split('\n').filter((line) => line.startsWith('•'));
    expect(lines.map((line) => /v[\d.]+\d/.exec(line)?.[0])).toEqual(['v1.4.3', 'v1.4.2', 'v1.4.1', 'v1.4.0']);
    expect(lines[0]).toMatch(/\(revision 4\).*current.*by Priya Nair/);
    expect(lines.slice(1).join()).not.toContain('current');
    expect(history.reads).toContain('/rollback auth-service production --to v1.4.2');
  });

  it('locks says how to lock by hand, as they are not built', async () => {
    expect((await answers('locks', /not built yet/)).reads).toContain('GitHub');
  });

  it('status tells of one that runs: what, where, how far, who', async () => {
    night.world.images.push(
      '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2',
      'never-ready',
    );
    await rollBack(night, 'auth-service production logins fail');
    await night.until('the bot knows its message', () => rollbackOf(night, 'auth-service')?.status?.slack['root']?.ts);
    // The bot reads its message's address from a cache of its own.
    const status = await night.until('the status leads there', async () => {
      const { reads } = await answers('status', /\*Running\*/);
      return reads.includes('#incidents') && reads;
    });
    expect(status).toMatch(/auth-service\* in production: RollingBack, 0 of 1 back, held by Maya Chen.*#incidents/);
    expect((await answers('status staging', /in staging/)).reads).toContain('No rollback is running in staging');
  });

  it('in a thread Slack itself answers, and nothing opens', async () => {
    const root = await night.post(/ROLLBACK INITIATED/);
    const outcome = await night.maya.type('#incidents', '/rollback auth-service production', root);
    expect(outcome).toEqual({ ok: false, error: 'not_supported_in_threads' });
    expect(night.maya.notices().at(-1)).toBe('/rollback is not supported in threads. Sorry!');
    expect(night.maya.modal()).toBeUndefined();
    expect(night.troubles).toEqual([]);
  });
});

describe('from the typed line to the rollback', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
  });
  afterAll(() => night.stop());

  it('“/rollback Auth prod —to v1.4.2”, as a phone writes it: auth-service, to v1.4.2', async () => {
    await deploy(night, 'deploy-bad', 'auth-service');
    await opens(night, 'Auth prod —to v1.4.2', /Read as: auth-service · production · to v1\.4\.2/);
    await formReads(night, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
    await night.maya.check(/Health check failing/);
    await night.maya.submit();
    await formReads(night, /Started: auth-service in production, v1\.4\.3 → v1\.4\.2\. Follow it in #incidents/);
    await night.maya.close();
    const root = await night.post(/ROLLBACK INITIATED/);
    expect(root.reads).toContain('Service(s): auth-service (v1.4.3 → v1.4.2)');
    expect(root.reads).toContain('Reason: Health check failing');
    await untilPhase(night, 'auth-service', 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(night.version('content-service')).toBe('v1.9.2');
  });

  it('a reason with the names of services in it is told whole, and only the first service is touched', async () => {
    await deploy(night, 'deploy-bad', 'customer-service');
    const reason = 'all logins fail, content-service and api-gateway answer 500 in production & <staging>';
    const root = await rollBack(night, `customer-service production ${reason}`);
    expect(root.reads).toContain(`Reason: ${reason}`);
    await untilPhase(night, 'customer-service', 'Monitoring');
    expect(rollbackOf(night, 'customer-service')?.spec.targets.map(({ service }) => service)).toEqual([
      'customer-service',
    ]);
    expect(night.version('customer-service')).toBe('v2.1.1');
    expect(night.version('content-service')).toBe('v1.9.2');
    expect(night.version('api-gateway')).toBe('v2.11.1');
  });

  it('a dry run shows the whole plan; nothing is posted, stored or touched', async () => {
    const { maya } = night;
    await deploy(night, 'deploy-bad', 'content-service');
    for (const service of ['auth-service', 'customer-service']) await untilTold(night, service);
    const said = saidByBot(night).length;
    const stored = night.rollbacks().length;
    const form = await opens(night, 'content production --dry-run pages are empty', /\*v1\.9\.3\* → \*v1\.9\.2\*/);
    expect(form.title).toBe('Dry run in production');
    expect(form.reads).toContain('Nothing is started and nothing is posted');
    expect(submitLabel(form)).toBeUndefined();
    await maya.select('Go back to', /v1\.9\.1/);
    const other = await formReads(night, /\*v1\.9\.3\* → \*v1\.9\.1\*/);
    expect(submitLabel(other)).toBeUndefined();
    expect(await maya.submit()).toMatchObject({ ok: false });
    await maya.close();
    expect(saidByBot(night)).toHaveLength(said);
    expect(night.rollbacks()).toHaveLength(stored);
    expect(night.version('content-service')).toBe('v1.9.3');
  });

  it('a drill is refused in production, and may move to staging in the same form', async () => {
    const form = await opens(night, 'auth production --drill', /Drills are not for production/);
    expect(form.title).toBe('DRILL in production');
    expect(submitLabel(form)).toBeUndefined();
    await night.maya.select('Environment', 'staging');
    await night.until('it is about staging', () => night.maya.modal()?.title === 'DRILL in staging');
    const staging = await formReads(night, /DRILL — practice[^]*\*auth-service\*: \*v1\.4\.2\* → \*v1\.4\.1\*/);
    expect(staging.reads).not.toContain('Drills are not for');
    expect(submitLabel(staging)).toBe('Roll back 1 service');
    await night.maya.close();
  });

  it('behind the scenes all was well', () => {
    expect(night.troubles).toEqual([]);
  });
});
