import { describe, expect, it } from '@jest/globals';
import type { Rollback } from '#rollback/rollback.ts';
import {
  aFullSystem,
  aMonitored,
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

const withTarget = (more: Parameters<typeof aTarget>[1], status = {}): Rollback =>
  aRollback({ status: aStatus({ targets: [aTarget('auth-service', more)], ...status }) });
const waiting = withTarget({ state: 'Waiting', ready: 0, desired: 0 });

describe('INITIATED', () => {
  it("keeps the runbook's lines and adds exactly one", () => {
    const rollback = withTarget({ state: 'Patched', ready: 1 }, { observedAt: at('03:03:41') });
    expect(linesOf(rollback, 'root')).toEqual([
      '*ROLLBACK INITIATED* — production',
      'Service(s): auth-service (v1.4.3 → v1.4.2)',
      'Reason: Health check failing since 02:51 UTC',
      'Started by: Maya Chen',
      'ETA: ~10 minutes',
      'Now: 1 of 3 pods ready, 40 s. As of 03:03:41 UTC.',
    ]);
  });

  it("shows the reader's own time beside UTC", () => {
    const rollback = withTarget({ state: 'Patched' }, { observedAt: at('03:03:41') });
    expect(JSON.stringify(slotOf(rollback, 'root').blocks)).toContain(
      `As of <!date^${Date.parse(at('03:03:41')) / 1000}^03:03:41 UTC / {time_secs}|03:03:41 UTC>.`,
    );
  });

  it('reads as one sentence in a notification', () => {
    expect(slotOf(aRollback(), 'root').text).toBe(
      'Rollback of auth-service (v1.4.3 → v1.4.2) in production initiated by Maya Chen: Health check failing since 02:51 UTC.',
    );
  });

  it.each<[string, Rollback, string]>([
    ['before the patch', waiting, 'Now: saving diagnostics, then patching.'],
    [
      'when the first pods fail',
      withTarget(
        { state: 'Patched', ready: 0, detail: 'pod …-7c9: image v1.4.2 not found' },
        { observedAt: at('03:03:21') },
      ),
      'Now: 0 of 3 pods ready, 20 s (pod …-7c9: image v1.4.2 not found). As of 03:03:21 UTC.',
    ],
    [
      'after a restart',
      withTarget({ state: 'Patched', ready: 2 }, { resumedAt: at('03:04') }),
      'Now: bot restarted, work resumed. 2 of 3 pods ready.',
    ],
    ['while health is read', withTarget({}, { phase: 'Verifying' }), 'Now: 3 of 3 pods ready. Verifying.'],
    [
      'at the end',
      aRollback({ status: aMonitored({ outcomeAt: at('03:04:52') }) }),
      'Now: done in 1 min 52 s, see ROLLBACK COMPLETE.',
    ],
    [
      'when nothing came back',
      withTarget({ state: 'NotBack' }, { phase: 'Failed', outcomeAt: at('03:13:05') }),
      'Now: ended after 10 min 5 s, see ROLLBACK FAILED.',
    ],
    [
      'when it was cancelled',
      aRollback({
        spec: { inputs: inputs(aRequest('cancel', '03:03')) },
        status: aStatus({ phase: 'Cancelled', targets: [aTarget('auth-service', { state: 'Cancelled' })] }),
      }),
      'Now: cancelled by Tom Okafor, nothing was touched.',
    ],
    [
      'when the world had moved on before the patch',
      withTarget({ state: 'Refused' }, { phase: 'Refused' }),
      'Now: refused, nothing was touched. See ROLLBACK REFUSED.',
    ],
    [
      'for many',
      aFullSystem([
        ...nine.slice(0, 6).map((service) => aTarget(service)),
        aTarget('content', { state: 'Patched', ready: 0, desired: 2 }),
        aTarget('order-payment', { state: 'Patched', ready: 1, desired: 4 }),
        aTarget('analytics', { state: 'NotBack', detail: 'image not found' }),
      ]),
      'Now: 6 of 9 back. Waiting: content (0 of 2 pods), order-payment (1 of 4). FAILED: analytics (image not found).',
    ],
    [
      'for many of whose pods nothing was seen yet',
      aFullSystem([aTarget('auth', { state: 'Patched', ready: 0, desired: 0 }), aTarget('content')]),
      'Now: 1 of 2 back. Waiting: auth.',
    ],
    [
      'for many in every other state',
      aFullSystem([
        aTarget('auth', { state: 'Waiting' }),
        aTarget('product', { state: 'Refused', detail: 'v2.0.1 was deployed at 03:02.' }),
        aTarget('content', { state: 'Superseded', detail: 'v2.0.2' }),
        aTarget('customer', { state: 'Unknown' }),
      ]),
      'Now: 0 of 4 back. Not patched yet: auth. Changed by somebody else: content (v2.0.2). Not touched: product (v2.0.1 was deployed at 03:02). Not known: customer.',
    ],
  ])('says where it stands %s', (_name, rollback, now) => {
    expect(linesOf(rollback, 'root').at(-1)).toBe(now);
  });

  it.each<[string, Parameters<typeof aPlannedService>[1], string]>([
    [
      'a version that is not the previous one',
      { isPrevious: false, to: aVersion('v1.3.9', { revision: 38 }) },
      'v1.4.3 → v1.3.9, revision 38',
    ],
    ['the same tag twice', { to: aVersion('v1.4.3', { revision: 3 }) }, 'v1.4.3 → v1.4.3, revision 4 → 3'],
  ])('names the revision of %s', (_name, service, words) => {
    const plan = aPlan({ services: [aPlannedService('auth-service', service)] });
    expect(linesOf(aRollback({ status: aStatus({ plan }) }), 'root')).toContain(`Service(s): auth-service (${words})`);
  });

  it('names what was left out, and why, in the line of services', () => {
    const refused = { reason: 'NoEarlierRevision', message: 'There is nothing to go back to.' };
    const plan = aPlan({ services: [aPlannedService(), aPlannedService('analytics', { refused })] });
    const targets = [aTarget('auth-service', { state: 'Patched' }), aTarget('analytics', { state: 'Refused' })];
    const rollback = aRollback({ status: aStatus({ plan, targets }) });
    expect(linesOf(rollback, 'root')[1]).toBe(
      'Service(s): auth-service (v1.4.3 → v1.4.2). Left out: analytics (There is nothing to go back to)',
    );
    expect(linesOf(rollback, 'root').at(-1)).toBe('Now: 3 of 3 pods ready.');
  });

  it('says who holds it after somebody took over, and what it comes from', () => {
    const spec = {
      inputs: inputs(aRequest('take-over', '03:05')),
      parent: { name: 'auth-service-99', uid: 'u', relation: 'undo' as const },
    };
    expect(linesOf(aRollback({ spec }), 'root')).toContain(
      'Started by: Maya Chen, to undo auth-service-99 — held by Tom Okafor',
    );
  });

  it.each<[string, Rollback, string[]]>([
    ['something waits', waiting, ['Take over', 'Cancel']],
    ['all is patched', aRollback(), ['Take over', 'Undo this rollback…']],
    ['the outcome is known, which offers the ways on', aRollback({ status: aMonitored() }), ['Take over']],
    ['it is resolved', aRollback({ status: aMonitored({ phase: 'Resolved' }) }), []],
  ])('offers only what can be done while %s', (_name, rollback, texts) => {
    expect(buttonsOf(rollback, 'root')).toEqual(texts);
  });

  it('neutralises what people type, on one line', () => {
    const reason = {
      kind: 'other' as const,
      text: '<!channel> & <@U1>\n*ROLLBACK COMPLETE* see https://x.test/?a=1&b=2.',
    };
    expect(linesOf(aRollback({ spec: { reason } }), 'root')[2]).toBe(
      'Reason: &lt;!channel&gt; &amp; &lt;@U1&gt; *ROLLBACK COMPLETE* see <https://x.test/?a=1&amp;b=2>.',
    );
  });

  it('begins every text of a drill with DRILL', () => {
    const { text } = slotOf(aRollback({ spec: { drill: true } }), 'root');
    expect(text).toMatch(/^DRILL — Rollback of auth-service/);
    expect(linesOf(aRollback({ spec: { drill: true } }), 'root')[0]).toBe('DRILL — *ROLLBACK INITIATED* — production');
  });
});
