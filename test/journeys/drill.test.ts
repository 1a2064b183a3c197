import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { apply, tomsSpec } from '#test/harness/kubectl-author.ts';
import { deploy, untilTold } from '#test/harness/story.ts';

describe('a drill on staging', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
  });
  afterAll(() => night.stop());

  it('is practised like the real thing, marked in every message, and calls nobody', async () => {
    const before = night.version('auth-service', 'lomash-wood-staging');
    await night.maya.type('#staging-deploys', '/rollback auth staging --drill Tuesday practice');
    await night.until('the form shows the plan', () => night.maya.modal()?.reads.includes('→'));
    await night.maya.submit();
    const outcome = await night.post(/\*ROLLBACK COMPLETE\*/, '#staging-deploys');
    expect(night.version('auth-service', 'lomash-wood-staging')).not.toBe(before);
    await night.until('the checklist stands in the thread', () =>
      night.maya.message(/Verification: \d of 9/, '#staging-deploys'),
    );
    await untilTold(night, 'auth-service');
    const posts = night.maya.sees('#staging-deploys').filter(({ user, ephemeral }) => user === 'U0BOT' && !ephemeral);
    expect(posts.length).toBeGreaterThan(4);
    for (const { reads, text } of posts) {
      expect(reads.startsWith('DRILL — ')).toBe(true);
      expect(text.startsWith('DRILL — ')).toBe(true);
      expect(`${reads} ${text}`).not.toContain('@Maya');
    }
    expect(outcome.reads).toContain('Maya Chen');
    expect(night.maya.message(/ROLLBACK/, '#incidents')).toBeUndefined();
  });
});

describe('the full system, cut to what was deployed tonight', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
    night.world.act('deploy-bad', 'auth-service');
    night.world.act('deploy-slow', 'content-service');
    await night.until('both are out', () =>
      ['auth-service', 'content-service'].every((name) => {
        const seen = night.world.view().find((s) => s.name === name);
        return seen?.pods.length === seen?.desired && seen?.pods.every(({ version }) => version === seen.wanted);
      }),
    );
  });
  afterAll(() => night.stop());

  it('rolls back those, and asks for no name', async () => {
    await night.maya.type('#incidents', '/rollback all production the last deploys');
    await night.until('nine services', () => night.maya.modal()?.reads.includes('notification-service'));
    await night.maya.select('Which of them', /1 h ago/);
    await night.until('two services', () => {
      const reads = night.maya.modal()?.reads ?? '';
      return reads.includes('content-service*') && !reads.includes('notification-service*');
    });
    await night.maya.submit();
    const outcome = await night.post(/\*ROLLBACK COMPLETE\*/);
    expect(outcome.reads).toContain('(2 of 2: auth-service, v1.4.2; content-service, v1.9.2)');
  });
});

it('a drill of production that kubectl asks for is refused: it would be real', async () => {
  const night = await startJourney();
  try {
    await deploy(night, 'deploy-bad', 'auth-service');
    apply(night, 'practice', tomsSpec('auth-service', { drill: true }));
    const refused = await night.post(/\*ROLLBACK REFUSED\*/);
    expect(refused.reads).toMatch(/Drills are not for production/);
    expect(night.version('auth-service')).toBe('v1.4.3');
  } finally {
    await night.stop();
  }
});
