import { describe, expect, it } from '@jest/globals';
import { render } from '#messages/render.ts';
import type { Rollback } from '#rollback/rollback.ts';
import {
  aCondition,
  aFullSystem,
  aMonitored,
  anAnswer,
  aPlan,
  aPlannedService,
  aRequest,
  aRollback,
  aStatus,
  aTarget,
  aVersion,
  at,
  inputs,
  nine,
} from '#test/harness/builders.ts';
import { buttonsOf, linesOf, slotOf } from '#test/harness/message-text.ts';

const eight = nine.slice(0, 8).map((service) => aTarget(service));
const lost = aTarget('analytics', { state: 'NotBack', ready: 0, desired: 2, detail: 'image v1.7.0 not found' });
const monitored = { phase: 'Monitoring' as const, outcomeAt: at('03:05'), monitoringUntil: at('03:20') };
const partial = aFullSystem([...eight, lost], monitored);
const failed = aRollback({
  status: aStatus({
    phase: 'Failed',
    outcomeAt: at('03:05'),
    targets: [aTarget('auth-service', { state: 'NotBack', ready: 0 })],
  }),
});
const failingHealth = {
  at: at('03:05'),
  health: [{ service: 'auth-service', result: 'fail' as const, evidence: 'GET /h answered 500, 3 of 3 tries' }],
};

describe('the outcome', () => {
  it('is COMPLETE, in the words of the runbook', () => {
    expect(linesOf(aRollback({ status: aMonitored() }), 'outcome')).toEqual([
      '*ROLLBACK COMPLETE* — production',
      'All services returned to previous version. (1 of 1: auth-service, v1.4.2)',
      'Verification: PASS: health 1/1; smoke test not run. Manual checks 0/1 answered, 1 more by the bot.',
      'Status: Monitoring for 15 minutes before marking resolved. Until 03:20 UTC. <@U0ONCALL>',
    ]);
  });

  it('is PARTIAL, naming what did not return and why', () => {
    expect(linesOf(partial, 'outcome')).toEqual([
      '*ROLLBACK PARTIAL* — production',
      '8 of 9 services returned to previous version. NOT returned: analytics, to v1.4.2: 0 of 2 pods ready (image v1.7.0 not found).',
      'Verification: health not checked; smoke test not run. Manual checks 0/2 answered.',
      'Status: Monitoring the 8 for 15 minutes. Until 03:20 UTC. analytics needs a person: <@U0ONCALL>',
    ]);
  });

  it('is PARTIAL when one was never touched, which is still on its version', () => {
    const refused = aTarget('analytics', { state: 'Refused', detail: 'There is nothing to go back to.' });
    expect(linesOf(aFullSystem([...eight, refused], monitored), 'outcome').slice(1)).toEqual([
      '8 of 9 services returned to previous version. NOT returned: analytics, still v1.4.3, not touched (There is nothing to go back to).',
      'Verification: health not checked; smoke test not run. Manual checks 0/2 answered.',
      'Status: Monitoring the 8 for 15 minutes. Until 03:20 UTC. <@U0ONCALL>',
    ]);
  });

  it('is FAILED when nothing returned, and is not monitored', () => {
    const lines = linesOf(failed, 'outcome');
    expect(lines[0]).toBe('*ROLLBACK FAILED* — production');
    expect(lines[1]).toBe('No service returned. NOT returned: auth-service, to v1.4.2: 0 of 3 pods ready.');
    expect(lines.at(-1)).toBe('Status: NOT monitoring, needs a person. <@U0ONCALL>');
  });

  it.each<[string, Rollback, string]>([
    [
      'one service',
      aRollback({ status: aMonitored() }),
      'Rollback COMPLETE in production: auth-service is back at v1.4.2; verification passed.',
    ],
    [
      'many',
      partial,
      'Rollback PARTIAL in production: 8 of 9 services are back, NOT back: analytics; not everything is verified.',
    ],
    [
      'a bad end',
      aRollback({ status: aMonitored({ phase: 'Verifying', verification: failingHealth }) }),
      'Rollback COMPLETE in production: auth-service is back at v1.4.2; verification FAILED.',
    ],
  ])('reads as one sentence for %s', (_name, rollback, text) => {
    expect(slotOf(rollback, 'outcome').text).toBe(text);
  });

  it('names the revision when it is not the previous version, and its new number', () => {
    const plan = aPlan({
      services: [aPlannedService('auth-service', { isPrevious: false, to: aVersion('v1.3.9', { revision: 38 }) })],
    });
    const rollback = aRollback({ status: aMonitored({ plan, targets: [aTarget('auth-service', { revision: 42 })] }) });
    expect(linesOf(rollback, 'outcome')[1]).toBe(
      'All services returned to revision 38 (v1.3.9). (1 of 1: auth-service, v1.3.9, revision 38, now revision 42)',
    );
  });

  it('stays PARTIAL when a newer rollback took over what had not returned', () => {
    const over = { state: 'Superseded' as const, settledAt: at('03:09'), detail: 'taken over by analytics-77' };
    const [first, ...others] = eight;
    const had = aTarget(first?.service, { ...over, returnedAt: at('03:04') });
    const rollback = aFullSystem([had, ...others, aTarget('analytics', over)], monitored);
    expect(linesOf(rollback, 'outcome').slice(0, 2)).toEqual([
      '*ROLLBACK PARTIAL* — production',
      '8 of 9 services returned to previous version. NOT returned: analytics, changed since (taken over by analytics-77).',
    ]);
  });

  it.each<[string, Partial<Parameters<typeof aMonitored>[0]>, object, string]>([
    ['by itself', {}, {}, 'Status: Resolved 03:20 UTC, stable for 15 minutes.'],
    ['by a person', {}, { inputs: inputs(aRequest('resolve', '03:19')) }, 'Status: Resolved 03:20 UTC by Tom Okafor.'],
    [
      'after pods had failed meanwhile, with the minutes since then',
      { conditions: [aCondition('NeedsPerson', 'Answered', '', { status: 'False', lastTransitionTime: at('03:11') })] },
      {},
      'Status: Resolved 03:20 UTC, stable for 9 minutes.',
    ],
    [
      'as soon as the check that had failed was answered anew',
      { conditions: [aCondition('NeedsPerson', 'Answered', '', { status: 'False', lastTransitionTime: at('03:20') })] },
      {},
      'Status: Resolved 03:20 UTC, every check is answered.',
    ],
  ])('ends as resolved %s', (_name, status, spec, words) => {
    const rollback = aRollback({ spec, status: aMonitored({ phase: 'Resolved', endedAt: at('03:20'), ...status }) });
    expect(linesOf(rollback, 'outcome').at(-1)).toBe(words);
  });

  it.each<[string, object, string]>([
    [
      'a newer rollback',
      { supersededBy: 'auth-service-77' },
      'No longer monitored: superseded by rollback auth-service-77.',
    ],
    ['a forward fix', {}, 'No longer monitored: another version was deployed since.'],
  ])('ends with %s', (_name, status, words) => {
    const rollback = aRollback({ status: aMonitored({ phase: 'Superseded', endedAt: at('03:12'), ...status }) });
    expect(linesOf(rollback, 'outcome').at(-1)).toBe(`Status: ${words}`);
    expect(buttonsOf(rollback, 'outcome')).toEqual([]);
  });

  it('says who left as it is what did not return', () => {
    const left = aFullSystem([...eight, lost], monitored, { inputs: inputs(aRequest('leave', '03:06')) });
    expect(linesOf(left, 'outcome').at(-1)).toBe(
      'Status: Monitoring the 8 for 15 minutes. Until 03:20 UTC. Left as it is by Tom Okafor: analytics. <@U0ONCALL>',
    );
    expect(buttonsOf(left, 'outcome')).not.toContain('Leave as it is…');
  });

  it.each<[string, Rollback, string]>([
    [
      'a check failed',
      aRollback({ spec: { inputs: inputs(anAnswer('login', 'fail', 'answers 500')) }, status: aMonitored() }),
      'a check failed',
    ],
    [
      'pods of it are not ready any more',
      aRollback({ status: aMonitored({ conditions: [aCondition('NeedsPerson', 'PodsNotReady', 'x')] }) }),
      'not all pods are ready any more',
    ],
  ])('promises no resolving while %s', (_name, rollback, why) => {
    expect(linesOf(rollback, 'outcome').at(-1)).toBe(
      `Status: needs a person, NOT resolved by itself: ${why}. Pods and health are watched until 03:20 UTC. <@U0ONCALL>`,
    );
  });

  it('says that the time is over and somebody was asked, rather than that it is monitored on', () => {
    const asked = aRollback({ status: aMonitored({ askedAt: at('03:20') }) });
    expect(linesOf(asked, 'outcome').at(-1)).toBe(
      'Status: Monitored for 15 minutes, not resolved yet: asked in the thread. <@U0ONCALL>',
    );
    const some = aFullSystem([...eight, lost], { ...monitored, askedAt: at('03:20') });
    expect(linesOf(some, 'outcome').at(-1)).toBe(
      'Status: Monitored the 8 for 15 minutes, not resolved yet: asked in the thread. analytics needs a person: <@U0ONCALL>',
    );
  });

  it('offers no way on for what a newer rollback took meanwhile', () => {
    const taken = { state: 'Superseded' as const, settledAt: at('03:09'), detail: 'taken over by content-77' };
    const status = aMonitored({ targets: [aTarget(), aTarget('content-service', taken)] });
    expect(buttonsOf(aRollback({ status }), 'outcome')).toEqual(['Undo this rollback…']);
  });

  it.each<[string, Rollback, string[]]>([
    ['complete', aRollback({ status: aMonitored() }), ['Undo this rollback…']],
    ['partial', partial, ['Choose another version…', 'Leave as it is…', 'Show commands', 'Undo this rollback…']],
    [
      'partial, one not touched',
      aRollback({ status: aMonitored({ targets: [aTarget(), aTarget('content-service', { state: 'Refused' })] }) }),
      ['Choose another version…', 'Retry content-service…', 'Leave as it is…', 'Show commands', 'Undo this rollback…'],
    ],
    ['failed', failed, ['Choose another version…', 'Show commands', 'Undo this rollback…']],
    [
      'back, but answering badly',
      aRollback({ status: aMonitored({ phase: 'Verifying', verification: failingHealth }) }),
      ['Go further back…', 'Show commands', 'Undo this rollback…'],
    ],
    [
      'resolved',
      aRollback({ status: aMonitored({ phase: 'Resolved', endedAt: at('03:20') }) }),
      ['Undo this rollback…'],
    ],
  ])('offers the ways on when it is %s', (_name, rollback, texts) => {
    expect(buttonsOf(rollback, 'outcome')).toEqual(texts);
  });

  it('never says INCOMPLETE, which reads as COMPLETE on a phone', () => {
    for (const state of ['NotBack', 'Refused', 'Superseded', 'Cancelled', 'Unknown'] as const) {
      const rollback = aRollback({ status: aMonitored({ targets: [aTarget(), aTarget('b', { state })] }) });
      expect(JSON.stringify(render(rollback))).not.toMatch(/INCOMPLETE/i);
    }
  });
});
