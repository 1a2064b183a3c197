import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pauseDeployment } from '#playground/scenarios/special-cases.ts';
import { formReads } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, openForm, rollBack, rollbackOf, untilReads } from '#test/harness/story.ts';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

describe('between the form and the press', () => {
  let night: Journey;
  beforeEach(async () => {
    night = await startJourney();
    await deploy(night, 'deploy-bad', 'auth-service');
    await openForm(night, 'auth-service production error rate doubled');
  });
  afterEach(() => night.stop());

  it('somebody deploys a new image: refused with what changed, template untouched', async () => {
    const version = await deploy(night, 'deploy-good', 'auth-service');
    const generation = night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', 'auth-service')?.metadata.generation;
    await night.maya.submit();
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toContain(version);
    expect(refused.reads).toContain('after you opened the form');
    expect(refused.reads).toContain('Nothing was touched.');
    expect(refused.reads).toContain('@Maya Chen');
    const receipt = await formReads(night, /Not started:.*Open it/s);
    expect(receipt.title).toBe('Refused');
    expect(receipt.reads).toContain(`${version} was deployed`);
    expect(receipt.reads).not.toContain('Started');
    const after = night.cluster.storage.get(DEPLOYMENTS, 'lomash-wood', 'auth-service');
    expect(after?.metadata.generation).toBe(generation);
    expect(night.version('auth-service')).toBe(version);
    expect(night.maya.sees('#incidents').some(({ reads }) => reads.includes('ROLLBACK INITIATED'))).toBe(false);
  });

  it("somebody applies what its ReplicaSet is, with the controller's label: the same version, rolled back", async () => {
    night.cluster.storage.change(DEPLOYMENTS, 'lomash-wood', 'auth-service', (deployment) => {
      const spec = deployment['spec'] as { template: { metadata: { labels: Record<string, string> } } };
      const { template } = structuredClone(spec);
      template.metadata.labels['pod-template-hash'] = '5d4f8c7b9';
      return { ...deployment, spec: { ...spec, template } };
    });
    await night.maya.submit();
    const complete = await night.post(/ROLLBACK COMPLETE/);
    expect(complete.reads).toContain('(1 of 1: auth-service, v1.4.2)');
    expect(night.version('auth-service')).toBe('v1.4.2');
  });

  it('somebody pauses the Deployment: refused, with the command to resume it', async () => {
    pauseDeployment(night.world, { service: 'auth-service' });
    await night.maya.submit();
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toMatch(/paused/);
    expect(night.version('auth-service')).toBe('v1.4.3');
  });
});

describe('while pods are waited for', () => {
  const IMAGE = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2';
  let night: Journey;
  beforeEach(async () => {
    night = await startJourney();
    await deploy(night, 'deploy-bad', 'auth-service');
    night.world.images.push(IMAGE, 'never-ready');
  });
  afterEach(() => night.stop());

  it('an autoscaler scales it: as many as are wanted now are waited for, and its number stays', async () => {
    const root = await rollBack(night, 'auth-service production error rate doubled');
    await untilReads(night, root, /Now: 0 of 3 pods ready/);
    night.cluster.storage.change(DEPLOYMENTS, 'lomash-wood', 'auth-service', (deployment) => ({
      ...deployment,
      spec: { ...(deployment['spec'] as object), replicas: 5 },
    }));
    await untilReads(night, root, /Now: 0 of 5 pods ready/);
    night.world.images.push(IMAGE, 'ok');
    const pods = { group: '', version: 'v1', plural: 'pods' };
    for (const { name, ready } of night.world.view().find((s) => s.name === 'auth-service')?.pods ?? [])
      if (!ready) night.cluster.storage.remove(pods, 'lomash-wood', name);
    const complete = await night.post(/\*ROLLBACK COMPLETE\*/);
    expect(complete.reads).toContain('(1 of 1: auth-service, v1.4.2)');
    expect(rollbackOf(night, 'auth-service')?.status?.targets[0]).toMatchObject({
      state: 'Back',
      ready: 5,
      desired: 5,
    });
    expect(inChannel(night)).toHaveLength(2);
  });
});
