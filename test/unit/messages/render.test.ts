import { describe, expect, it } from '@jest/globals';
import { render } from '#messages/render.ts';
import { aCondition, aMonitored, anAnswer, aRollback, aStatus, aTarget, at, inputs } from '#test/harness/builders.ts';
import { buttonsOf, linesOf, slotKeys, slotOf } from '#test/harness/message-text.ts';

describe('a refusal', () => {
  const message = 'v1.4.4 was deployed at 03:02, after you opened the form.';
  const { startedAt: _started, ...unstarted } = aStatus({ phase: 'Refused', message, targets: [] });

  it('is told with why, calling who asked', () => {
    const rollback = aRollback({ status: unstarted });
    expect(linesOf(rollback, 'root')).toEqual([
      `*ROLLBACK REFUSED* — production: auth-service. Nothing was touched. ${message} <@U0ONCALL>`,
    ]);
    expect(slotOf(rollback, 'root').text).toBe(
      `Rollback REFUSED in production: auth-service. Nothing was touched. ${message}`,
    );
    expect(buttonsOf(rollback, 'root')).toEqual(['See new plan', 'Show commands']);
    expect(slotKeys(rollback)).toEqual(['root']);
  });

  it('is a post of its own when INITIATED stood there already, for an edit calls nobody', () => {
    const targets = [aTarget('auth-service', { state: 'Refused', detail: message })];
    const rollback = aRollback({ status: aStatus({ phase: 'Refused', message: '0 of 1 returned', targets }) });
    expect(linesOf(rollback, 'root')[0]).toBe('*ROLLBACK INITIATED* — production');
    expect(linesOf(rollback, 'outcome')).toEqual([
      `*ROLLBACK REFUSED* — production: auth-service. Nothing was touched. ${message} <@U0ONCALL>`,
    ]);
  });

  it('names each service where the reasons differ', () => {
    const targets = [
      aTarget('auth', { state: 'Refused', detail: 'It is paused.' }),
      aTarget('content', { state: 'Refused', detail: 'There is nothing to go back to.' }),
    ];
    expect(linesOf(aRollback({ status: { ...unstarted, targets } }), 'root')[0]).toContain(
      'Nothing was touched. auth: It is paused; content: There is nothing to go back to. <@U0ONCALL>',
    );
  });
});

describe('a cancelled rollback', () => {
  it('is told in one line when it had not begun', () => {
    const { startedAt: _started, ...status } = aStatus({
      phase: 'Cancelled',
      message: 'Cancelled by Tom Okafor. Nothing was touched.',
    });
    expect(linesOf(aRollback({ status }), 'root')).toEqual([
      '*ROLLBACK CANCELLED* — production: auth-service. Cancelled by Tom Okafor. Nothing was touched.',
    ]);
  });
});

describe('nothing is said', () => {
  it.each([
    ['of a dry run', aRollback({ spec: { dryRun: true } })],
    ['of what was not planned yet', aRollback({ status: null })],
    ['of what has not begun', aRollback({ status: aStatus({ phase: 'Pending' }) })],
  ])('%s', (_name, rollback) => {
    expect(render(rollback)).toEqual([]);
  });
});

describe('every message', () => {
  const everything = aMonitored({
    conditions: [aCondition('NeedsPerson', 'CheckFailed', 'x')],
    askedAt: at('03:20'),
    timeline: [{ at: at('03:04'), text: 'entry' }],
    evidence: { configMaps: [], missing: [] },
  });
  const spec = { inputs: inputs(anAnswer('login', 'fail')) };

  it('mentions nobody in a drill, and begins with DRILL', () => {
    const slots = render(aRollback({ spec: { ...spec, drill: true }, status: everything }));
    expect(JSON.stringify(slots)).not.toContain('<@');
    for (const { text, blocks } of slots) {
      expect(text).toMatch(/^DRILL — /);
      expect(blocks[0]).toMatchObject({ text: { text: expect.stringMatching(/^DRILL — /) } });
    }
  });

  it('stands in the thread, but for INITIATED and the outcome', () => {
    const slots = render(aRollback({ spec, status: everything }));
    expect(slots.filter(({ thread }) => thread === undefined).map(({ key }) => key)).toEqual(['root', 'outcome']);
  });

  it('is the same when rendered again', () => {
    const rollback = aRollback({ spec, status: everything });
    expect(render(structuredClone(rollback))).toEqual(render(rollback));
  });
});
