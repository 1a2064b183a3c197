import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  askFor,
  deploy,
  inChannel,
  openForm,
  rollBack,
  rollbackOf,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

describe('twice in one night', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
  });
  afterAll(() => night.stop());

  it('the second default is not the broken version', async () => {
    expect(await deploy(night, 'deploy-bad', 'auth-service')).toBe('v1.4.3');
    await rollBack(night, 'auth-service production error rate doubled');
    await untilPhase(night, 'auth-service', 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.2');

    expect(await deploy(night, 'deploy-bad', 'auth-service')).toBe('v1.4.4');
    await openForm(night, 'auth-service production again');
    const form = night.maya.modal();
    expect(form?.reads).toContain('v1.4.4* → *v1.4.2');
    await night.maya.close();
    await rollBack(night, 'auth-service production again');
    await untilPhase(night, 'auth-service', 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(rollbackOf(night, 'auth-service')?.status?.plan?.services[0]?.from?.version).toBe('v1.4.4');
  });

  it('the versions that were left are marked in the list of targets', async () => {
    await openForm(night, 'auth-service production look');
    const listed = await night.maya.suggestions('Go back to', '');
    expect(listed.join('\n')).toMatch(/v1\.4\.3/);
    const history = night.maya.modal();
    expect(history?.reads).toContain('auth-service');
    await night.maya.close();
    await night.maya.type('#incidents', '/rollback history auth-service production');
    const told = await night.until('the history is told', () => {
      const seen = night.maya.message(/v1\.4\.3/, '#incidents');
      return seen?.ephemeral ? seen : undefined;
    });
    expect(told.reads).toMatch(/v1\.4\.3.*(left|rolled back from)/i);
  });

  it('undoing the rollback is one button: forward again, with the rollback as its parent', async () => {
    const outcome = inChannel(night).findLast(({ reads }) => reads.includes('ROLLBACK COMPLETE'));
    await night.maya.click(/Undo this rollback/, outcome);
    const form = await night.until('the form of the undo', () => {
      const modal = night.maya.modal();
      return modal?.reads.includes('v1.4.2* → *v1.4.4') ? modal : undefined;
    });
    expect(form.title).toBe('Roll back in production');
    await night.maya.check(/Other/);
    await night.maya.fill(/few words/, 'it was the gateway after all');
    await night.maya.submit();
    const undone = await night.until('the undo is back', () => {
      const rollback = rollbackOf(night, 'auth-service');
      return rollback?.spec.parent?.relation === 'undo' && rollback.status?.outcomeAt ? rollback : undefined;
    });
    expect(night.version('auth-service')).toBe('v1.4.4');
    expect(undone.spec.parent?.name).toBe(night.rollbacks().at(-2)?.metadata.name);
  });
});

describe('another rollback of the same service', () => {
  let night: Journey;
  beforeAll(async () => {
    night = await startJourney();
    await deploy(night, 'deploy-bad', 'auth-service');
  });
  afterAll(() => night.stop());

  it('is superseded by the newer one while it is monitored', async () => {
    await rollBack(night, 'auth-service production first');
    await untilPhase(night, 'auth-service', 'Monitoring');
    const first = await night.post(/ROLLBACK COMPLETE/);
    await askFor(night, 'auth-service production --to v1.4.1 further');
    await untilReads(night, first, /superseded/);
    await night.until('v1.4.1 is back', () => rollbackOf(night, 'auth-service')?.status?.phase === 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.1');
    expect(night.rollbacks()[0]?.status).toMatchObject({ phase: 'Superseded' });
  });
});
