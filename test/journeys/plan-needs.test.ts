import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy as deployBy } from '#playground/scenarios/deploy.ts';
import { changeConfigMap, deleteConfigMap } from '#playground/scenarios/special-cases.ts';
import { formReads, opens, pressed, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollBack, rollbackOf, untilPhase } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const BUDGETS = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' };
const PREFIX = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
});
afterEach(() => night.maya.modal() && night.maya.close());
afterAll(() => night.stop());

async function details(): Promise<string> {
  await night.maya.click('Details');
  const { reads } = await formReads(night, /^Health: `\//m);
  await night.maya.close();
  return reads;
}

describe('what the target needs', () => {
  it('a ConfigMap that stands as it stood is not talked about, a Secret is “not checked”', async () => {
    const form = await opens(night, 'auth prod', /→ \*v1\.4\.1\*/);
    expect(form.reads).not.toContain('ConfigMap');
    expect(form.reads).toMatch(/Not checked: .*Secret lomash-wood-secrets.*Image.*Migrations/);
    const read = await details();
    expect(read).toMatch(/Secret lomash-wood-secrets: not checked \(the bot may not read Secrets here\)/);
    expect(read).toContain('kubectl get secrets lomash-wood-secrets -n lomash-wood');
    expect(read).toContain('Image: not checked');
    expect(read).toContain('Migrations: not checked');
  });

  it('a ConfigMap changed after the target was deployed is a warning that names who and when', async () => {
    changeConfigMap(night.world);
    const form = await opens(night, 'auth prod', /ConfigMap lomash-wood-config was changed/);
    expect(form.reads).toMatch(
      /Warning: ConfigMap lomash-wood-config was changed at .*UTC by kubectl-edit, after v1\.4\.1 was deployed/,
    );
    expect(form.reads).toContain('A rollback does not bring its old values back.');
    expect(submitLabel(form)).toBe('Roll back 1 service');
  });

  it('a ConfigMap that is gone keeps every service that needs it from going', async () => {
    deleteConfigMap(night.world);
    const form = await opens(night, 'auth prod', /which does not exist any more; its pods could not start/);
    expect(form.reads).toContain('Blocked: v1.4.1 needs ConfigMap lomash-wood-config');
    expect(form.reads).toContain('Create it again, or choose a version that does not need it.');
    expect(submitLabel(form)).toBeUndefined();
    expect(form.reads).not.toContain('Go anyway');
  });

  it('elsewhere nothing is missing', async () => {
    const form = await opens(night, 'auth staging', /→ \*v1\.4\.1\*/);
    expect(form.reads).not.toContain('ConfigMap');
    expect(submitLabel(form)).toBe('Roll back 1 service');
    expect(night.troubles).toEqual([]);
  });
});

describe('what the bot may and what others do', () => {
  beforeAll(async () => {
    await night.stop();
    night = await startJourney();
  });

  it('autoscaler and disruption budget are facts for Details, not for the form', async () => {
    const product = await opens(night, 'product prod', /→ \*v3\.3\.0\*/);
    expect(product.reads).not.toContain('utoscaler');
    expect(await details()).toContain('Autoscaler product-service keeps between 3 and 8 pods.');
    await night.maya.close();
    await night.until('the budget is counted', () => {
      const budget = night.cluster.storage.get(BUDGETS, 'lomash-wood', 'auth-service');
      return (budget?.['status'] as { disruptionsAllowed?: number } | undefined)?.disruptionsAllowed === 1;
    });
    await opens(night, 'auth prod', /→ \*v1\.4\.1\*/);
    expect(await details()).toMatch(/Disruption budget auth-service wants at least 2 \(1 may go now\)/);
  });

  it('a difference names what changed and never shows a value', async () => {
    const { storage, clock } = night.world;
    deployBy(storage, clock, {
      namespace: 'lomash-wood',
      workload: 'customer-service',
      image: `${PREFIX}/customer-service:v2.1.1`,
      change: 'Try the new mail relay',
      by: 'Priya Nair',
      env: { SMTP_PASSWORD: 'hunter2-is-no-password', MAIL_URL: 'smtp://mail:s3cr3t@relay.internal' },
    });
    await night.until('the change is seen', async () => {
      const form = await opens(night, 'customer prod', /Now v2\.1\.1/);
      if (form.reads.includes('SMTP_PASSWORD')) return true;
      await night.maya.close();
      return undefined;
    });
    const shown = `${night.maya.modal()?.reads} ${await details()} ${JSON.stringify(night.maya.modal()?.view)}`;
    expect(shown).toContain('SMTP_PASSWORD');
    expect(shown).toContain('MAIL_URL');
    expect(shown).not.toMatch(/hunter2|s3cr3t/);
  });

  it('a permission that is missing is asked for beforehand, and the way by hand is told', async () => {
    const bindings = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'rolebindings' };
    night.cluster.storage.remove(bindings, 'lomash-wood-staging', 'rollback-bot');
    night.skip(2);
    const form = await night.until('it says what is missing', async () => {
      const seen = await opens(night, 'auth staging', /Now v|does not answer|Blocked/);
      if (seen.reads.includes('may not patch deployments')) return seen;
      await night.maya.close();
      return undefined;
    });
    expect(form.reads).toContain('Blocked: The bot may not patch deployments in namespace lomash-wood-staging');
    expect(form.reads).toContain('Roll back by hand now, and bind the role rollback-bot-environment');
    expect(submitLabel(form)).toBeUndefined();
  });

  it('a version that was left before may be chosen, with a warning', async () => {
    await deploy(night, 'deploy-bad', 'auth-service');
    await rollBack(night, 'auth prod logins fail');
    await untilPhase(night, 'auth-service', 'Monitoring');
    await night.until('the mark is kept', async () => {
      const form = await opens(night, 'auth prod --to v1.4.3', /\*v1\.4\.2\* → \*v1\.4\.3\*/);
      if (form.reads.includes('was itself rolled back from')) return form;
      await night.maya.close();
      return undefined;
    });
    const form = night.maya.modal();
    expect(form?.reads).toMatch(
      /Warning: v1\.4\.3 was itself rolled back from at .* \(rollback auth-service-[0-9a-f]+\)/,
    );
    expect(submitLabel(form!)).toBe('Roll back 1 service');
  });

  it('another rollback that runs: refused with its name, who started it, and what to do', async () => {
    await deploy(night, 'deploy-bad', 'content-service');
    night.world.images.push(`${PREFIX}/content-service:v1.9.2`, 'never-ready');
    await rollBack(night, 'content prod empty pages', night.tom);
    const running = rollbackOf(night, 'content-service')?.metadata.name;
    const form = await opens(night, 'content prod empty pages', /Another rollback of content-service is under way/);
    expect(form.reads).toContain(`${running}, started by Tom Okafor`);
    expect(form.reads).toContain('Follow that one');
    expect(submitLabel(form)).toBeUndefined();
    expect(await details()).toContain(`kubectl get rollback ${running} -n rollback-bot`);
  });

  it('two forms open at once: the second press is told that the first one runs, and touches nothing', async () => {
    const { maya, ines } = night;
    await deploy(night, 'deploy-bad', 'notification-service');
    night.world.images.push(`${PREFIX}/notification-service:v1.7.0`, 'never-ready');
    await opens(night, 'notification prod no mails', /→ \*v1\.7\.0\*/, maya);
    await opens(night, 'notification prod no mails go out', /→ \*v1\.7\.0\*/, ines);
    await pressed(night, maya);
    const target = () => rollbackOf(night, 'notification-service')?.status?.targets[0]?.state;
    await night.until('it is patched', () => target() === 'Patched');
    const template = () =>
      night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', 'notification-service')?.metadata.generation;
    const patched = template();
    await pressed(night, ines);
    const refused = await night.post(/\*ROLLBACK REFUSED\*[^]*notification-service/);
    expect(refused.reads).toMatch(
      /Another rollback of notification-service is under way: notification-service-\w+, started by Maya Chen/,
    );
    expect(refused.reads).toContain('Nothing was touched.');
    expect(refused.reads).toContain('@Inés Duarte');
    expect(template()).toBe(patched);
  });
});
