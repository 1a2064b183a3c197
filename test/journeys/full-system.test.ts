import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { expirePreviousImage, forgetHistory } from '#playground/scenarios/special-cases.ts';
import { fieldErrors, formReads, opens, opensOnce, pressed, pressedInVain, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, reply, thread, untilReads } from '#test/harness/story.ts';

let night: Journey;

const newest = () => night.rollbacks().at(-1);
const outcome = () => inChannel(night).findLast(({ reads }) => /ROLLBACK (COMPLETE|PARTIAL|FAILED)/.test(reads))!;
const versions = () => Object.fromEntries(night.world.view().map(({ name, wanted }) => [name, wanted]));

describe('/rollback all production', () => {
  beforeAll(async () => {
    night = await startJourney();
  });
  afterEach(() => night.maya.modal() && night.maya.close());
  afterAll(() => night.stop());

  it('shows nine services in one line each, and nobody’s version but the one it would bring', async () => {
    const form = await opens(night, 'all production everything is slow', /\*analytics-service\*: /);
    expect(form.reads.split('\n').filter((line) => /^\*[a-z-]+\*: \*v.*\* → \*v/.test(line))).toHaveLength(9);
    expect(submitLabel(form)).toBe('Roll back 9 services');
    expect(form.reads).toContain('Full system: type production to confirm');
    expect(form.reads).toContain('(everything is slow)');
  });

  it('the name of another environment, or of none, does not confirm it', async () => {
    const { maya } = night;
    await opens(night, 'all production everything is slow', /\*analytics-service\*: /);
    expect(await pressedInVain(night)).not.toBe('');
    await maya.fill(/type production/, 'staging');
    await maya.submit();
    await night.until('it names what to type', () => /Type production\./.test(fieldErrors(maya)));
    expect(night.rollbacks()).toEqual([]);
  });

  it('what was typed for one environment does not count for another', async () => {
    const { maya } = night;
    await opens(night, 'all staging practice', /\*analytics-service\*: /);
    await maya.fill(/type staging/, 'staging');
    await maya.select('Environment', 'production');
    await night.until('it is about production', () => maya.modal()?.title === 'Roll back in production');
    await formReads(night, /type production to confirm/);
    await pressedInVain(night);
    expect(night.rollbacks()).toEqual([]);
  });

  it('only those deployed since: a full system cut short is none, and asks for no name', async () => {
    const { maya } = night;
    await opens(night, 'all production something new', /\*analytics-service\*: /);
    await maya.select('Which of them', /\(30 min ago\)/);
    await formReads(night, /Nothing was deployed in production since then\. Choose an earlier time\./);
    await deploy(night, 'deploy-bad', 'customer-service');
    await maya.close();
    await opens(night, 'all production something new', /\*analytics-service\*: /);
    await maya.select('Which of them', /\(1 h ago\)/);
    const form = await formReads(night, /^(?![^]*\*analytics-service\*)[^]*\*v2\.1\.2\* → \*v2\.1\.1\*/);
    expect(form.reads).not.toContain('to confirm');
    expect(submitLabel(form)).toBe('Roll back 1 service');
    await pressed(night);
    await night.post(/\*ROLLBACK COMPLETE\*/);
    expect(newest()?.spec.targets.map(({ service }) => service)).toEqual(['customer-service']);
    expect(newest()?.metadata.name).toMatch(/^customer-service-/);
  });

  it('behind the scenes all was well', () => {
    expect(night.troubles).toEqual([]);
  });
});

/** Its history goes in the very moment in which it is planned for. */
function forgetWhilePlanned(service: string): void {
  night.cluster.faults.between(async ({ method, path }, pass) => {
    const answer = await pass();
    if (method !== 'GET' || !path.endsWith('/namespaces/lomash-wood/configmaps')) return answer;
    forgetHistory(night.world, { service });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return answer;
  });
}

describe('the whole system goes back, one has no history and one image is gone', () => {
  let before: Record<string, string>;
  beforeAll(async () => {
    night = await startJourney();
    for (const service of ['auth-service', 'order-payment-service', 'analytics-service'])
      await deploy(night, 'deploy-bad', service);
    forgetWhilePlanned('content-service');
    expirePreviousImage(night.world, { service: 'analytics-service' });
    before = versions();
    const isForgotten = /\*content-service\*.*\n:no_entry: Left out: There is nothing to go back to/;
    await opensOnce(night, 'all production everything is slow', /\*analytics-service\*: /, isForgotten);
    night.cluster.faults.between(undefined);
    await night.maya.fill(/type production/, 'Production');
  });
  afterAll(() => night.stop());

  it('the button says 8 of 9, the receipt too, and INITIATED names every service', async () => {
    expect(submitLabel(night.maya.modal()!)).toBe('Roll back 8 of 9');
    expect(await pressed(night)).toContain('Started: 8 of 9 services in production. Follow it in #incidents.');
    const root = await night.post(/ROLLBACK INITIATED/);
    expect(root.reads).toContain('auth-service (v1.4.3 → v1.4.2)');
    expect(root.reads).toContain('order-payment-service (v2.8.1 → v2.8.0)');
    expect(root.reads).toContain('Reason: everything is slow');
    expect(newest()?.metadata.name).toMatch(/^all-/);
  });

  it('PARTIAL names both, each with its own why, and calls the holder once', async () => {
    const partial = await night.post(/\*ROLLBACK PARTIAL\*/);
    expect(partial.reads).toContain('7 of 9 services returned to previous version.');
    expect(partial.reads).toMatch(/content-service, still v1\.9\.2.*nothing to go back to/i);
    expect(partial.reads).toMatch(/analytics-service.*v1\.8\.0.*0 of 2 pods ready.*image v1\.8\.0 not found/);
    expect(partial.reads).toContain('Monitoring the 7 for 15 minutes.');
    expect(partial.reads.match(/@Maya Chen/g)).toHaveLength(1);
    for (const button of ['Choose another version…', 'Leave as it is…', 'Show commands'])
      expect(partial.reads).toContain(`[${button}]`);
  });

  it('seven run what ran before, the others what they ran', async () => {
    const after = versions();
    expect(after['content-service']).toBe(before['content-service']);
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed).toHaveLength(8);
    await night.until('the last pods of what was left are gone', () =>
      night.world
        .view()
        .filter(({ name }) => !['content-service', 'analytics-service'].includes(name))
        .every(({ pods, wanted }) => pods.length > 0 && pods.every(({ version }) => version === wanted)),
    );
  });

  it('at most twelve replies stand before the outcome, one line of them per service', async () => {
    const [root, said] = inChannel(night);
    await reply(night, root!, /Outcome: 7 of 9 returned/);
    expect(thread(night, root!).filter(({ ts }) => ts < said!.ts).length).toBeLessThanOrEqual(12);
    const lines = thread(night, root!).flatMap(({ reads }) => reads.split('\n'));
    for (const service of ['api-gateway', 'auth-service', 'product-service'])
      expect(lines.filter((line) => / · Back: /.test(line) && line.includes(service))).toHaveLength(1);
    expect(inChannel(night)).toHaveLength(2);
  });

  it('the one whose image is gone goes further back by its button, as a rollback of its own', async () => {
    await night.maya.click('Choose another version…', outcome());
    const form = await formReads(night, /\*analytics-service\*/);
    expect(form.reads).toMatch(/content-service|analytics-service/);
    expect(form.reads).not.toContain('*auth-service*');
    if (form.reads.includes('*content-service*')) {
      await night.maya.close();
      await opens(night, 'analytics production still counting wrong', /\*analytics-service\*/);
    }
    await night.maya.select('Go back to', /v1\.7\.0/);
    await formReads(night, /→ \*v1\.7\.0\*/);
    await pressed(night);
    const complete = await night.post(/\*ROLLBACK COMPLETE\*/);
    expect(complete.reads).toContain('analytics-service, v1.7.0');
    expect(night.version('analytics-service')).toBe('v1.7.0');
    const [root] = inChannel(night);
    await reply(night, root!, /Taken over by a newer rollback: analytics-service by analytics-service-/);
    expect(thread(night, root!).some(({ reads }) => reads.includes('somebody else'))).toBe(false);
  });

  it('undoing the whole is one button, for those that were touched', async () => {
    const partial = inChannel(night).find(({ reads }) => reads.includes('*ROLLBACK PARTIAL*'))!;
    await untilReads(night, partial, /Undo this rollback/);
    await night.maya.click('Undo this rollback…', partial);
    const form = await formReads(night, /\*auth-service\*: \*v1\.4\.2\* → \*v1\.4\.3\*/);
    expect(form.reads).toContain('*order-payment-service*: *v2.8.0* → *v2.8.1*');
    expect(form.reads).not.toContain('*content-service*');
    expect(form.reads).not.toContain('*analytics-service*');
    expect(submitLabel(form)).toBe('Roll back 7 services');
    await night.maya.close();
    expect(night.troubles).toEqual([]);
  });
});
