import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { opensOnce } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy } from '#test/harness/story.ts';

describe('a bad version of auth-service, rolled back from Slack', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
  });
  afterAll(() => night.stop());

  it('goes from a typed command to a resolved rollback', async () => {
    const { maya } = night;
    await deploy(night, 'deploy-bad', 'auth-service');

    const line = 'auth-service production health check failing';
    const form = await opensOnce(night, line, /→/, /\*v1\.4\.3\* → \*v1\.4\.2\*/);
    expect(form.title).toBe('Roll back in production');
    await maya.submit();

    const root = await night.post(/ROLLBACK INITIATED/);
    expect(root.reads).toContain('Service(s): auth-service (v1.4.3 → v1.4.2)');
    expect(root.reads).toContain('health check failing');
    const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
    expect(outcome.reads).toContain('(1 of 1: auth-service, v1.4.2)');
    expect(outcome.reads).toContain('Monitoring for 15 minutes');
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(night.rollbacks()).toHaveLength(1);
  });
});
