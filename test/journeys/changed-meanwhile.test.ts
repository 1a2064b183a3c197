import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pauseDeployment } from '#playground/scenarios/special-cases.ts';
import { formReads } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, openForm } from '#test/harness/story.ts';

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
    const refused = await night.post(/ROLLBACK REFUSED/);
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

  it('somebody pauses the Deployment: refused, with the command to resume it', async () => {
    pauseDeployment(night.world, { service: 'auth-service' });
    await night.maya.submit();
    const refused = await night.post(/ROLLBACK REFUSED/);
    expect(refused.reads).toMatch(/paused/);
    expect(night.version('auth-service')).toBe('v1.4.3');
  });
});
