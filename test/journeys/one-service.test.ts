import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';

describe('a bad version of auth-service, rolled back from Slack', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
  });
  afterAll(() => night.stop());

  it('goes from a typed command to a resolved rollback', async () => {
    const { maya, world } = night;
    world.act('deploy-bad', 'auth-service');
    await night.until('v1.4.3 runs', () => world.view().find((s) => s.name === 'auth-service')?.version === 'v1.4.3');

    await maya.type('#incidents', '/rollback auth-service production health check failing');
    const form = await night.until('the form shows the plan', () => {
      const modal = maya.modal();
      return modal?.reads.includes('v1.4.2') ? modal : undefined;
    });
    expect(form.title).toBe('Roll back in production');
    await maya.submit();

    const root = await night.post(/ROLLBACK INITIATED/);
    expect(root.reads).toContain('Service(s): auth-service (v1.4.3 → v1.4.2)');
    expect(root.reads).toContain('health check failing');
    const outcome = await night.post(/ROLLBACK COMPLETE/);
    expect(outcome.reads).toContain('(1 of 1: auth-service, v1.4.2)');
    expect(outcome.reads).toContain('Monitoring for 15 minutes');
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(night.rollbacks()).toHaveLength(1);
  });
});
