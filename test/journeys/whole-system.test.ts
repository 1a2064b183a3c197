import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expirePreviousImage, forgetHistory } from '#playground/scenarios/special-cases.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { inChannel, thread, untilReads } from '#test/harness/story.ts';

describe('the full system, with one service without history and one whose old image is gone', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
    forgetHistory(night.world, { service: 'content-service' });
    expirePreviousImage(night.world, { service: 'analytics-service' });
  });
  afterAll(() => night.stop());

  it('asks for the name of the environment, and says that one of nine stays out', async () => {
    await night.maya.type('#incidents', '/rollback all production everything is slow');
    const form = await night.until('the form shows nine services', () => {
      const modal = night.maya.modal();
      return modal?.reads.includes('notification-service') ? modal : undefined;
    });
    expect(form.reads).toMatch(/content-service.*\n.*Left out/);
    expect((form.view as { submit?: { text: string } }).submit?.text).toBe('Roll back 8 of 9');
    await night.maya.submit();
    await night.until('it asks for the name', () => Object.keys(night.maya.modal()?.errors ?? {}).length > 0);
    expect(night.rollbacks()).toHaveLength(0);
    await night.maya.fill(/type production/i, 'production');
    await night.maya.submit();
  });

  it('ends as PARTIAL naming both, the others verified and monitored', async () => {
    const root = await night.post(/ROLLBACK INITIATED/);
    const outcome = await night.post(/ROLLBACK PARTIAL/);
    expect(outcome.reads).toMatch(/7 of 9 services returned to previous version\. NOT returned: /);
    expect(outcome.reads).toMatch(/content-service/);
    expect(outcome.reads).toMatch(/analytics-service.*not found/);
    expect(outcome.reads).toContain('Monitoring the 7');
    await untilReads(night, root, /see ROLLBACK PARTIAL/);
    const [rollback] = night.rollbacks();
    expect(rollback?.status?.phase).toBe('Monitoring');
    expect(rollback?.status?.targets.filter(({ state }) => state === 'Back')).toHaveLength(7);
    expect(rollback?.status?.verification?.health).toHaveLength(9);
  });

  it('takes two messages of the channel, and at most twelve replies before the outcome', async () => {
    const [root, outcome] = inChannel(night);
    expect(inChannel(night)).toHaveLength(2);
    const before = thread(night, root!).filter(({ ts }) => ts < outcome!.ts);
    expect(before.length).toBeLessThanOrEqual(12);
    expect(night.troubles).toEqual([]);
  });
});
