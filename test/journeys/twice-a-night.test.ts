import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { formReads, opens, pressed, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import {
  answered,
  deploy,
  inChannel,
  rollBack,
  rollbackOf,
  rollbacksOf,
  untilPhase,
  untilReads,
} from '#test/harness/story.ts';

let night: Journey;

/** A status is written before Slack shows it: a story waits for the outcome that it goes on from. */
const outcomes = () => inChannel(night).filter(({ reads }) => /^\*ROLLBACK (COMPLETE|PARTIAL|FAILED)\*/.test(reads));
/** The newest one in the channel. */
const outcome = () => outcomes().at(-1)!;

async function history(): Promise<string[]> {
  const told = await answered(night, 'history auth-service production', /auth-service in production/);
  return told.reads.split('\n').filter((line) => line.startsWith('•'));
}

/** The plan of the form, once the journal knows what the story needs it to know. */
async function plannedOnce(words: RegExp): Promise<string> {
  return await night.until(`the form reads ${String(words)}`, async () => {
    const form = await opens(night, 'auth-service production logins fail again', /→|Left out/);
    await night.maya.close();
    return words.test(form.reads) ? form.reads : undefined;
  });
}

describe('a second bad deploy in one night', () => {
  beforeAll(async () => {
    night = await startJourney();
  });
  afterEach(() => night.maya.modal() && night.maya.close());
  afterAll(() => night.stop());

  it('v1.4.3 is bad: back to v1.4.2', async () => {
    await deploy(night, 'deploy-bad', 'auth-service');
    const root = await rollBack(night, 'auth-service production logins fail');
    expect(root.reads).toContain('(v1.4.3 → v1.4.2)');
    await untilPhase(night, 'auth-service', 'Monitoring');
    await night.post(/\*ROLLBACK COMPLETE\*/);
  });

  it('minutes later v1.4.4 is bad too: the default is v1.4.2 again, and the form says what it passed over', async () => {
    night.skip(4);
    expect(await deploy(night, 'deploy-bad', 'auth-service')).toBe('v1.4.4');
    const form = await plannedOnce(/\*v1\.4\.4\* →/);
    expect(form).toContain('*v1.4.4* → *v1.4.2*');
    expect(form).toContain('To v1.4.2: revision 5, the previous version');
    expect(form).not.toContain('v1.4.3');
    await rollBack(night, 'auth-service production logins fail again');
    const second = await untilPhase(night, 'auth-service', 'Monitoring');
    expect(second.status?.plan?.services[0]?.to?.version).toBe('v1.4.2');
    expect(night.version('auth-service')).toBe('v1.4.2');
  });

  it('the first rollback gave way when v1.4.4 was deployed, and says so', async () => {
    const first = await untilPhase(night, 'auth-service', 'Superseded', 0);
    expect(first.status?.supersededBy ?? first.status?.targets[0]?.detail).toMatch(/auth-service-|v1\.4\.4/);
  });

  it('both broken versions are marked as left, the default is the one before v1.4.2', async () => {
    const lines = await night.until('both are marked', async () => {
      const told = await history();
      return told.filter((line) => /rolled back from/.test(line)).length === 2 ? told : undefined;
    });
    expect(lines.find((line) => line.includes('v1.4.4'))).toMatch(/rolled back from less than a minute ago/);
    expect(lines.find((line) => line.includes('v1.4.3'))).toMatch(/rolled back from \d min ago/);
    expect(lines.find((line) => line.includes('v1.4.2'))).toContain('current');
    expect(await plannedOnce(/\*v1\.4\.2\* →/)).toContain('*v1.4.2* → *v1.4.1*');
  });

  it('the database was to blame and not v1.4.4: undoing is one button and one form', async () => {
    const { maya, world } = night;
    world.images.push('123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.4', 'ok');
    const second = await night.until('the second outcome is told', () => outcomes()[1]);
    await maya.click('Undo this rollback…', second);
    const form = await formReads(night, /\*v1\.4\.2\* → \*v1\.4\.4\*/);
    expect(form.reads).toMatch(/Undoes auth-service-/);
    expect(form.reads).toMatch(/Warning: v1\.4\.4 was itself rolled back from/);
    expect(submitLabel(form)).toBe('Roll back 1 service');
    await pressed(night);
    const undo = await untilPhase(night, 'auth-service', 'Monitoring');
    expect(undo.spec.parent).toMatchObject({
      relation: 'undo',
      name: rollbacksOf(night, 'auth-service').at(-2)?.metadata.name,
    });
    expect(night.version('auth-service')).toBe('v1.4.4');
    const root = await night.post(/ROLLBACK INITIATED[^]*to undo auth-service-/);
    expect(root.reads).toContain('(v1.4.2 → v1.4.4');
  });

  it('its mark is withdrawn: v1.4.4 counts as an ordinary version again', async () => {
    await night.until('only v1.4.3 is marked', async () => {
      const lines = await history();
      const left = lines.filter((line) => /rolled back from/.test(line));
      return left.length === 1 && left[0]!.includes('v1.4.3');
    });
  });

  it('and the undo can be undone by its own button', async () => {
    const undone = await night.until('the third outcome is told', () => outcomes()[2]);
    await night.maya.click('Undo this rollback…', undone);
    await formReads(night, /\*v1\.4\.4\* → \*v1\.4\.2\*/);
    await pressed(night);
    await untilPhase(night, 'auth-service', 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.2');
    expect(rollbacksOf(night, 'auth-service')).toHaveLength(4);
  });

  it('behind the scenes all was well', () => {
    expect(night.troubles).toEqual([]);
  });
});

describe('the version before was no better', () => {
  beforeAll(async () => {
    night = await startJourney();
    night.world.images.push('123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood/auth-service:v1.4.2', 'bad');
    await deploy(night, 'deploy-bad', 'auth-service');
  });
  afterAll(() => night.stop());

  it('the outcome says FAIL, is not monitored, and offers to go further back', async () => {
    await rollBack(night, 'auth-service production logins fail');
    const said = await night.post(/\*ROLLBACK COMPLETE\*/);
    await untilReads(night, said, /FAIL: .*auth.*500/);
    await untilReads(night, said, /NOT monitoring, needs a person\. @Maya Chen/);
    expect(outcome().reads).toContain('[Go further back…]');
    expect(night.version('auth-service')).toBe('v1.4.2');
  });

  it('further back is the version before that one, never the first broken one', async () => {
    await night.maya.click('Go further back…', outcome());
    const form = await formReads(night, /\*v1\.4\.2\* → \*v1\.4\.1\*/);
    expect(form.reads).toMatch(/Goes further back than auth-service-/);
    expect(form.reads).not.toContain('Blocked');
    await pressed(night);
    await night.until('v1.4.1 is back', () => rollbackOf(night, 'auth-service')?.status?.phase === 'Monitoring');
    expect(night.version('auth-service')).toBe('v1.4.1');
    const said = await night.post(/\*ROLLBACK COMPLETE\*[^]*v1\.4\.1/);
    expect(said.reads).toContain('PASS: health 9/9');
    expect(rollbackOf(night, 'auth-service')?.spec.parent?.relation).toBe('further-back');
  });

  it('both versions that were left are passed over the next time', async () => {
    await deploy(night, 'deploy-bad', 'auth-service');
    const form = await plannedOnce(/\*v1\.4\.4\* → \*v1\.4\.1\*/);
    expect(form).not.toContain('v1.4.3');
    expect(night.troubles).toEqual([]);
  });
});
