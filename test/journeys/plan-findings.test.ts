import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import {
  forgetHistory,
  handToArgoRollouts,
  handToFlagger,
  markOwner,
  pauseDeployment,
} from '#playground/scenarios/special-cases.ts';
import { formReads, opens, opensOnce, pressed, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollbackOf, untilPhase } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

interface Template {
  spec: { containers: { env?: { name: string; value: string }[] }[] };
}

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  const { world } = night;
  forgetHistory(world, { service: 'content-service' });
  pauseDeployment(world, { service: 'customer-service' });
  setVariable('notification-service', 'QUIET_FROM', '21:00');
  markOwner(world, { service: 'product-service' }, 'argo-cd');
  markOwner(world, { service: 'order-payment-service' }, 'flux-kustomization');
  markOwner(world, { service: 'appointment-service' }, 'flux-helm-release');
  markOwner(world, { service: 'analytics-service' }, 'helm');
  handToFlagger(world, { service: 'api-gateway' });
  handToArgoRollouts(world, { service: 'auth-service' });
});
afterEach(() => night.maya.modal() && night.maya.close());
afterAll(() => night.stop());

/** Somebody changes a setting of the running version, as `kubectl set env` does. */
function setVariable(service: string, name: string, value: string): void {
  night.cluster.storage.change(DEPLOYMENTS, 'lomash-wood', service, (deployment) => {
    const spec = structuredClone(deployment['spec']) as { template: Template };
    spec.template.spec.containers[0]!.env = [{ name, value }];
    return { ...deployment, spec };
  });
}

function variables(service: string): string {
  const deployment = night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', service);
  return JSON.stringify((deployment!['spec'] as { template: Template }).template.spec.containers[0]?.env ?? []);
}

/** The words of the form that the button depends on, and what stands under Details. */
async function details(): Promise<string> {
  await night.maya.click('Details');
  const { reads } = await formReads(night, /^Health: `\//m);
  await night.maya.close();
  return reads;
}

it('nothing to go back to: said, with the cure, and there is no button', async () => {
  const form = await opensOnce(night, 'content production', /Now v1\.9\.2/, /nothing to go back to/);
  expect(form.reads).toContain(
    'the cluster keeps no earlier version of content-service. Deploy the earlier image by hand.',
  );
  expect(form.reads).toContain('Now v1.9.2');
  expect(submitLabel(form)).toBeUndefined();
  expect(await details()).toMatch(/kubectl set image deployment\/content-service .* -n lomash-wood/);
});

it('paused: said, with the cure; resumed it may go', async () => {
  const form = await opensOnce(night, 'customer production', /Now v2\.1\.1/, /is paused/);
  expect(form.reads).toContain('Blocked: The Deployment customer-service is paused');
  expect(submitLabel(form)).toBeUndefined();
  expect(await details()).toContain('kubectl rollout resume deployment/customer-service -n lomash-wood');
  await night.maya.close();
  night.cluster.storage.change(DEPLOYMENTS, 'lomash-wood', 'customer-service', (deployment) => ({
    ...deployment,
    spec: { ...(deployment['spec'] as object), paused: false },
  }));
  const resumed = await opensOnce(night, 'customer production', /Now v2\.1\.1/, /^(?![^]*Blocked: )/);
  expect(submitLabel(resumed)).toBe('Roll back 1 service');
});

it('the same image in both versions: left out, unless somebody says otherwise', async () => {
  const { maya } = night;
  const line = 'notification production text messages at night';
  const form = await opensOnce(night, line, /Now v1\.7\.0/, /This would start the same image again \(v1\.7\.0\)/);
  expect(form.reads).toContain('QUIET_FROM');
  expect(submitLabel(form)).toBeUndefined();
  await maya.check(/Go anyway: notification-service/);
  const overridden = await formReads(night, /Overridden: This would start the same image again/);
  expect(submitLabel(overridden)).toBe('Roll back 1 service');
  expect(variables('notification-service')).toContain('QUIET_FROM');
  await pressed(night);
  await untilPhase(night, 'notification-service', 'Monitoring');
  expect(variables('notification-service')).toBe('[]');
  expect(rollbackOf(night, 'notification-service')?.spec.targets[0]?.override).toEqual(['same-image']);
});

it('without the box ticked another version goes instead', async () => {
  setVariable('notification-service', 'QUIET_FROM', '20:00');
  await opensOnce(night, 'notification production again', /Now v1\.7\.0/, /same image again/);
  await night.maya.select('Go back to', /v1\.6\.3/);
  const older = await formReads(night, /→ \*v1\.6\.3\*/);
  expect(older.reads).not.toContain('same image again');
  expect(submitLabel(older)).toBe('Roll back 1 service');
});

it.each([
  ['product', /Argo CD \(application lomash-wood\) owns this Deployment/, 'argocd app patch lomash-wood'],
  ['order', /Flux \(Kustomization lomash-wood\) owns/, 'flux suspend kustomization lomash-wood -n flux-system'],
  ['appointment', /Flux \(HelmRelease appointment-service\) owns/, 'flux suspend helmrelease appointment-service'],
])(
  '%s has an owner that would take it back: named, with its cure, and overridable',
  async (service, words, command) => {
    const form = await opens(night, `${service} production it fails`, words);
    expect(form.reads).toContain('Blocked: ');
    expect(form.reads).toContain('go anyway');
    expect(submitLabel(form)).toBeUndefined();
    expect(await details()).toContain(command);
    await night.maya.check(/Go anyway/);
    expect(submitLabel(await formReads(night, /Overridden: /))).toBe('Roll back 1 service');
  },
);

it('Helm: a warning with the release and how to tell Helm, no blocker', async () => {
  const form = await opens(night, 'analytics production it fails', /Helm \(release analytics-service\) owns/);
  expect(form.reads).toMatch(/Warning: Helm .* holds until the next helm upgrade/);
  expect(submitLabel(form)).toBe('Roll back 1 service');
  expect(await details()).toContain('helm rollback analytics-service -n lomash-wood');
});

it.each([
  ['gateway', /Flagger releases this service: traffic goes to pods of api-gateway-primary/, 'kubectl set image'],
  ['auth', /Argo Rollouts runs the pods of this service/, 'kubectl argo rollouts undo auth-service -n lomash-wood'],
])(
  '%s is run by another controller: an undo would change nothing, so there is none',
  async (service, words, command) => {
    const form = await opens(night, `${service} production it fails`, words);
    expect(submitLabel(form)).toBeUndefined();
    expect(form.reads).not.toContain('Go anyway');
    expect(await details()).toContain(command);
  },
);

it('all of them at once: one line each, and the button says how many go', async () => {
  const form = await opens(night, 'all production everything fails', /\*analytics-service\*/);
  expect(form.reads).toMatch(/\*content-service\*.*\n:no_entry: Left out: There is nothing to go back to/);
  expect(form.reads).toMatch(/\*product-service\*.*\n:no_entry: Left out: Argo CD/);
  expect(submitLabel(form)).toBe('Roll back 2 of 9');
  for (const service of ['product', 'order-payment', 'appointment', 'notification'])
    expect(form.reads).toContain(`☐ Go anyway: ${service}-service`);
  await night.maya.check('Go anyway: product-service');
  await night.until('one more goes', () => submitLabel(night.maya.modal()!) === 'Roll back 3 of 9');
});

it('a rollout that is still in progress is said and does not block', async () => {
  await deploy(night, 'deploy-crash-loop', 'analytics-service');
  const form = await opens(night, 'analytics production it crashes', /A rollout of v1\.8\.1 has not finished/);
  expect(form.reads).toContain('A rollback stops it and goes on from there.');
  expect(form.reads).toContain('*v1.8.1* → *v1.8.0*');
  expect(submitLabel(form)).toBe('Roll back 1 service');
});

it('only what was pressed was touched', () => {
  expect(night.rollbacks()).toHaveLength(1);
  expect(night.troubles).toEqual([]);
});
