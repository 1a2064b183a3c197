import { describe, expect, it } from '@jest/globals';
import type { SectionBlock } from '@slack/types';
import { render } from '#messages/render.ts';
import type { Slot } from '#messages/slot.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import type { Condition } from '#rollback/status.ts';
import {
  aMonitored,
  aPlan,
  aPlannedService,
  aRollback,
  aStatus,
  aTarget,
  aVersion,
  at,
  inputs,
  maya,
  tom,
} from '#test/harness/builders.ts';

function slot(rollback: Rollback, key: string): Slot {
  const found = render(rollback).find((s) => s.key === key);
  if (!found)
    throw new Error(
      `no slot ${key} among ${render(rollback)
        .map((s) => s.key)
        .join(', ')}`,
    );
  return found;
}

/** The lines of a slot's sections. */
function lines(rollback: Rollback, key: string): string[] {
  return slot(rollback, key).blocks.flatMap((b) =>
    b.type === 'section' ? ((b as SectionBlock).text?.text ?? '').split('\n') : [],
  );
}

function buttons(rollback: Rollback, key: string): string[] {
  return slot(rollback, key).blocks.flatMap((b) =>
    b.type === 'actions' ? b.elements.flatMap((e) => (e.type === 'button' ? [e.text.text] : [])) : [],
  );
}

const keys = (rollback: Rollback): string[] => render(rollback).map((s) => s.key);
const condition = (type: Condition['type'], reason: string, message: string): Condition => ({
  type,
  status: 'True',
  reason,
  message,
  lastTransitionTime: at('03:06'),
});
const request = (name: 'resolve' | 'watch-longer' | 'take-over' | 'leave', time: string): Input => ({
  kind: 'request',
  by: tom,
  at: at(time),
  request: name,
});

const nine = [
  'api-gateway',
  'auth',
  'product',
  'order-payment',
  'appointment',
  'content',
  'customer',
  'notification',
  'analytics',
];
const ofNine = (targets: ReturnType<typeof aTarget>[], more = {}): Rollback =>
  aRollback({
    status: aStatus({
      plan: aPlan({ services: nine.map((s) => aPlannedService(s)), fullSystem: true }),
      targets,
      ...more,
    }),
  });

describe('INITIATED', () => {
  it("keeps the runbook's lines and adds one", () => {
    const rollback = aRollback({
      status: aStatus({
        observedAt: at('03:03:41'),
        targets: [aTarget('auth-service', { state: 'Patched', ready: 1 })],
      }),
    });
    expect(lines(rollback, 'root')).toEqual([
      '*ROLLBACK INITIATED* — production',
      'Service(s): auth-service (v1.4.3 → v1.4.2)',
      'Reason: Health check failing since 02:51 UTC',
      'Started by: Maya Chen',
      'ETA: ~10 minutes',
      'Now: 1 of 3 pods ready, 40 s. As of 03:03:41 UTC.',
    ]);
    expect(buttons(rollback, 'root')).toEqual(['Take over', 'Undo this rollback…']);
  });

  it.each<[string, Rollback, string]>([
    [
      'before the patch',
      aRollback({
        status: aStatus({ targets: [aTarget('auth-service', { state: 'Waiting', ready: 0, desired: 0 })] }),
      }),
      'Now: capturing diagnostics, then patching.',
    ],
    [
      'after a restart',
      aRollback({
        status: aStatus({ resumedAt: at('03:04'), targets: [aTarget('auth-service', { state: 'Patched', ready: 2 })] }),
      }),
      'Now: bot restarted, work resumed. 2 of 3 pods ready.',
    ],
    [
      'at the end',
      aRollback({ status: aMonitored({ outcomeAt: at('03:04:52') }) }),
      'Now: done in 1 min 52 s, see ROLLBACK COMPLETE.',
    ],
    [
      'for many',
      ofNine([
        ...nine.slice(0, 6).map((s) => aTarget(s)),
        aTarget('content', { state: 'Patched', ready: 0, desired: 2 }),
        aTarget('order-payment', { state: 'Patched', ready: 1, desired: 4 }),
        aTarget('analytics', { state: 'NotBack', detail: 'image not found' }),
      ]),
      'Now: 6 of 9 back. Waiting: content (0 of 2 pods), order-payment (1 of 4 pods). FAILED: analytics (image not found).',
    ],
  ])('says where it stands %s', (_name, rollback, now) => {
    expect(lines(rollback, 'root').at(-1)).toBe(now);
  });

  it('can be cancelled only while something waits', () => {
    const waiting = aRollback({ status: aStatus({ targets: [aTarget('auth-service', { state: 'Waiting' })] }) });
    expect(buttons(waiting, 'root')).toContain('Cancel');
    expect(buttons(aRollback(), 'root')).not.toContain('Cancel');
  });

  it('says who holds it after somebody took over', () => {
    const taken = aRollback({ spec: { inputs: inputs(request('take-over', '03:05')) } });
    expect(lines(taken, 'root')).toContain('Started by: Maya Chen — held by Tom Okafor');
  });

  it("neutralises what people type, and begins a drill's texts with DRILL", () => {
    const rollback = aRollback({ spec: { drill: true, reason: { kind: 'other', text: '<!channel> & <@U1>' } } });
    expect(lines(rollback, 'root')[0]).toBe('DRILL — *ROLLBACK INITIATED* — production');
    expect(lines(rollback, 'root')).toContain('Reason: &lt;!channel&gt; &amp; &lt;@U1&gt;');
    expect(slot(rollback, 'root').text).not.toMatch(/<!|<@/);
  });
});

describe('the outcome', () => {
  it('is COMPLETE, in the words of the runbook', () => {
    expect(lines(aRollback({ status: aMonitored() }), 'outcome')).toEqual([
      '*ROLLBACK COMPLETE* — production',
      'All services returned to previous version. (1 of 1: auth-service, v1.4.2)',
      'Verification: PASS: health 1/1. Smoke test not run. Manual checks 1/2 answered.',
      'Status: Monitoring for 15 minutes before marking resolved. <@U0ONCALL>',
    ]);
  });

  it('is PARTIAL, naming what did not return and why', () => {
    const targets = [
      ...nine.slice(0, 8).map((s) => aTarget(s)),
      aTarget('analytics', { state: 'NotBack', ready: 0, desired: 2, detail: 'image v1.7.0 not found' }),
    ];
    const rollback = ofNine(targets, { phase: 'Monitoring', outcomeAt: at('03:05'), monitoringUntil: at('03:20') });
    expect(lines(rollback, 'outcome')).toEqual([
      '*ROLLBACK PARTIAL* — production',
      '8 of 9 services returned to previous version. NOT returned: analytics, to v1.4.2: 0 of 2 pods ready (image v1.7.0 not found).',
      'Verification: health not checked. Smoke test not run. Manual checks 0/2 answered.',
      'Status: Monitoring the 8 for 15 minutes. analytics needs a person: <@U0ONCALL>',
    ]);
    expect(buttons(rollback, 'outcome')).toEqual([
      'Choose another version…',
      'Retry analytics…',
      'Leave as it is…',
      'Show commands',
    ]);
  });

  it('is FAILED when nothing returned, and is not monitored', () => {
    const rollback = aRollback({
      status: aStatus({
        phase: 'Failed',
        outcomeAt: at('03:05'),
        targets: [aTarget('auth-service', { state: 'NotBack', ready: 0 })],
      }),
    });
    expect(lines(rollback, 'outcome')[0]).toBe('*ROLLBACK FAILED* — production');
    expect(lines(rollback, 'outcome').at(-1)).toBe('Status: NOT monitoring, needs a person. <@U0ONCALL>');
  });

  it('names the revision when it is not the previous version', () => {
    const plan = aPlan({
      services: [aPlannedService('auth-service', { isPrevious: false, to: aVersion('v1.3.9', { revision: 38 }) })],
    });
    expect(lines(aRollback({ status: aMonitored({ plan }) }), 'outcome')[1]).toContain(
      'auth-service, returned to revision 38 (v1.3.9)',
    );
  });

  it.each([
    [
      'a failing health path',
      [{ service: 'auth-service', result: 'fail' as const, evidence: 'GET /h answered 500, 3 of 3 tries' }],
      /^Verification: FAIL: auth-service: GET \/h answered 500, 3 of 3 tries\. health 0\/1/,
    ],
    [
      'an unknown one as unknown, never as pass',
      [{ service: 'auth-service', result: 'unknown' as const, evidence: 'gateway' }],
      /^Verification: health 0\/1 \(unknown: auth-service: gateway\)/,
    ],
  ])('tells %s', (_name, health, words) => {
    expect(
      lines(aRollback({ status: aMonitored({ verification: { at: at('03:05'), health } }) }), 'outcome')[2],
    ).toMatch(words);
  });

  it.each([
    ['by itself', {}, 'Status: Resolved 03:20 UTC, stable for 15 minutes.'],
    ['by a person', { inputs: inputs(request('resolve', '03:19')) }, 'Status: Resolved 03:20 UTC by Tom Okafor.'],
  ])('ends as resolved %s', (_name, spec, words) => {
    const rollback = aRollback({ spec, status: aMonitored({ phase: 'Resolved', endedAt: at('03:20') }) });
    expect(lines(rollback, 'outcome').at(-1)).toBe(words);
    expect(buttons(rollback, 'outcome')).toEqual([]);
  });

  it('never says INCOMPLETE, which reads as COMPLETE on a phone', () => {
    const states = ['NotBack', 'Refused', 'Superseded', 'Cancelled'] as const;
    for (const state of states) {
      const rollback = aRollback({ status: aMonitored({ targets: [aTarget(), aTarget('b', { state })] }) });
      expect(JSON.stringify(render(rollback))).not.toContain('INCOMPLETE');
    }
  });
});

describe('what needs a person', () => {
  const late = aRollback({
    status: aStatus({
      conditions: [condition('NeedsPerson', 'PastEta', 'auth-service is past its ETA: 1 of 3 pods ready.')],
    }),
  });

  it('is broadcast, mentions the holder and offers ways on', () => {
    expect(lines(late, 'needs-person/PastEta')).toEqual([
      '*NEEDS A PERSON* — production: auth-service is past its ETA: 1 of 3 pods ready. <@U0ONCALL>',
    ]);
    expect(slot(late, 'needs-person/PastEta')).toMatchObject({ thread: 'root', broadcast: true });
    expect(buttons(late, 'needs-person/PastEta')).toEqual([
      'Wait 10 more minutes',
      'Choose another version…',
      'Show commands',
    ]);
  });

  it('is edited to say that it is over, keeping its slot', () => {
    const slack = {
      'needs-person/PastEta': { channel: 'C0INCIDENT', state: 'sent' as const, at: at('03:13'), ts: '1.2', hash: 'x' },
    };
    const over = aRollback({ status: aStatus({ slack }) });
    expect(lines(over, 'needs-person/PastEta')).toEqual([
      '*No longer needs a person* — production: No longer past its ETA.',
    ]);
    expect(buttons(over, 'needs-person/PastEta')).toEqual([]);
  });

  it('is told by the outcome when something did not return', () => {
    const status = aMonitored({ conditions: [condition('NeedsPerson', 'NotBack', 'x')] });
    expect(keys(aRollback({ status }))).not.toContain('needs-person/NotBack');
  });
});

describe('the question at the end', () => {
  it('names what is not answered, once', () => {
    const rollback = aRollback({ status: aMonitored({ askedAt: at('03:20') }) });
    expect(lines(rollback, 'ask/0')).toEqual([
      '15 minutes stable. Not answered: `POST /v1/auth/login` succeeds with valid credentials. <@U0ONCALL>',
    ]);
    expect(buttons(rollback, 'ask/0')).toEqual(['Mark resolved', 'Watch 15 more minutes']);
  });

  it('is closed by its answer', () => {
    const slack = { 'ask/0': { channel: 'C0INCIDENT', state: 'sent' as const, at: at('03:20'), ts: '1.2', hash: 'x' } };
    const rollback = aRollback({
      spec: { inputs: inputs(request('watch-longer', '03:21')) },
      status: aMonitored({ slack }),
    });
    expect(lines(rollback, 'ask/0')).toEqual(['Watched for 15 more minutes (Tom Okafor).']);
  });
});

describe('the thread', () => {
  const entries = (count: number, time = '03:04') =>
    Array.from({ length: count }, (_v, i) => ({ at: at(time), text: `entry ${i}` }));

  it('has at most twelve replies before the outcome, however much happens', () => {
    const status = aStatus({
      timeline: entries(60),
      evidence: { configMaps: [{ service: 'auth-service', name: 'e' }], missing: [] },
      conditions: [condition('NeedsPerson', 'PastEta', 'x')],
    });
    const replies = render(aRollback({ status })).filter((s) => s.thread === 'root');
    expect(replies.length).toBeLessThanOrEqual(12);
    expect(JSON.stringify(replies)).toContain('entry 59');
  });

  it('dates each entry, and keeps the key of a reply when more happens', () => {
    const few = aRollback({ status: aStatus({ timeline: entries(3) }) });
    const more = aRollback({ status: aStatus({ timeline: entries(40) }) });
    expect(lines(few, 'timeline/0')).toEqual(['`2026-11-23 03:04 UTC` entry 0']);
    expect(lines(more, 'timeline/2')).toEqual(lines(few, 'timeline/2'));
  });

  it('takes notes of people, with a link to what they noted', () => {
    const note: Input = {
      kind: 'note',
      by: tom,
      at: at('03:09'),
      text: 'gateway is < slow',
      permalink: 'https://slack.test/1',
    };
    expect(lines(aRollback({ spec: { inputs: inputs(note) } }), 'note/k0')).toEqual([
      '`2026-11-23 03:09 UTC` gateway is &lt; slow (<https://slack.test/1|message>) — Tom Okafor',
    ]);
  });

  it('says how to read the evidence', () => {
    const status = aStatus({
      evidence: { configMaps: [{ service: 'auth-service', name: 'rb-auth-service-evidence' }], missing: [] },
    });
    expect(lines(aRollback({ status }), 'evidence')).toContain(
      'kubectl get configmap rb-auth-service-evidence -n rollback-bot -o yaml',
    );
  });
});

describe('ends before anything was touched', () => {
  it('are told with why, calling who asked', () => {
    const status = aStatus({ phase: 'Refused', message: 'v1.4.4 was deployed at 03:02, after you opened the form.' });
    expect(lines(aRollback({ status }), 'root')).toEqual([
      '*ROLLBACK REFUSED* — production: auth-service. Nothing was touched. v1.4.4 was deployed at 03:02, after you opened the form. <@U0ONCALL>',
    ]);
    expect(buttons(aRollback({ status }), 'root')).toEqual(['See new plan', 'Show commands']);
  });

  it('are nothing at all for a dry run, and for what has no plan', () => {
    expect(keys(aRollback({ spec: { dryRun: true } }))).toEqual([]);
    expect(keys(aRollback({ status: null }))).toEqual([]);
  });
});

describe('every message', () => {
  it('mentions nobody in a drill', () => {
    const status = aMonitored({ conditions: [condition('NeedsPerson', 'CheckFailed', 'x')], askedAt: at('03:20') });
    const said = JSON.stringify(
      render(
        aRollback({
          spec: {
            drill: true,
            inputs: inputs({ kind: 'check', by: maya, at: at('03:06'), item: 'login', answer: 'fail' }),
          },
          status,
        }),
      ),
    );
    expect(said).not.toContain('<@');
  });
});
