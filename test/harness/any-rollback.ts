/** Any rollback that the schema allows, its every text written by somebody who means no good. For property tests. */
import * as fc from 'fast-check';
import { API_VERSION, type Rollback } from '#rollback/rollback.ts';
import { CheckAnswer, Parent, ReasonKind, Requester, type Input, type Person } from '#rollback/spec.ts';
import { CheckResult, ConditionType, Phase, TargetState, type RollbackStatus } from '#rollback/status.ts';
import { NEEDS_PERSON_REASONS } from '#rollback/reasons-of-conditions.ts';
import type { Plan, PlannedService, Version } from '#rollback/plan.ts';

export const HOLDER = 'U0HOLDER';

/** Attempts to ping, to disguise, to forge lines and to break limits. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 500 }) },
  fc.constantFrom(
    '',
    ' \n\t ',
    '<!channel>',
    '<!here|x>',
    '<@U0VICTIM>',
    '<!subteam^S0LEADS>',
    '<https://evil.test|https://good.test>',
    'https://evil.test/<@U0VICTIM>',
    'https://x.test/|a>b',
    '&lt;!channel&gt;',
    '```',
    '`code` *bold* _it_ ~no~',
    'a\nStatus: Resolved',
    '&'.repeat(500),
    '<'.repeat(500),
    '😀'.repeat(400),
    'x'.repeat(3000),
    'word '.repeat(100),
  ),
);
const short = nasty.map((text) => text.slice(0, 500));
const time = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .chain((date) => fc.constantFrom(date.toISOString(), date.toISOString().replace(/\.\d+Z$/, 'Z')));
const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const count = fc.integer({ min: -2, max: 100_000 });

/** An object without its undefined fields: JSON has none. */
function plainly<T extends Record<string, unknown>>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc
    .record(model)
    .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) as unknown as T);
}

const person: fc.Arbitrary<Person> = fc.record({ id: fc.constantFrom(HOLDER, 'maya@example.test'), name: short });
const version: fc.Arbitrary<Version> = plainly<Version>({
  version: nasty,
  image: nasty,
  revision: fc.integer({ min: 0, max: 99 }),
  replicaSet: fc.constant({ name: 'rs', uid: 'u' }),
  templateHash: fc.constant('h'),
  deployedAt: time,
  deployedBy: option(nasty),
});

const service = (name: string): fc.Arbitrary<PlannedService> =>
  plainly<PlannedService>({
    service: fc.constant(name),
    from: option(version),
    to: option(version),
    isPrevious: fc.boolean(),
    difference: nasty,
    details: nasty,
    findings: fc.constant([]),
    notes: fc.array(nasty, { maxLength: 3 }),
    refused: option(fc.record({ reason: fc.constant('R'), message: nasty })),
  });

function planFor(names: string[]): fc.Arbitrary<Plan> {
  return fc.record({
    environment: fc.record({
      name: short,
      production: fc.boolean(),
      channel: fc.constant('C0INCIDENT'),
      namespace: fc.constant('lomash-wood'),
    }),
    services: fc.tuple(...names.map(service)),
    fullSystem: fc.boolean(),
    checklist: fc
      .array(
        fc.record({
          text: nasty,
          link: fc.constantFrom('https://grafana.test/d/1', 'javascript:alert(1)', 'https://x.test/|a>b'),
          answeredBy: fc.constantFrom('person' as const, 'health' as const),
        }),
        { maxLength: 60 },
      )
      .map((items) => items.map((item, i) => ({ id: `c${i}`, ...item }))),
    whoMay: fc.array(nasty, { maxLength: 3 }),
    etaMinutes: fc.constantFrom(0, 1, 10, 1.5),
    monitoringMinutes: fc.constantFrom(0, 1, 15),
    plannedAt: time,
  });
}

const input: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    kind: fc.constant('check' as const),
    by: person,
    at: time,
    item: fc.integer({ min: 0, max: 60 }).map((i) => `c${i}`),
    answer: fc.constantFrom(...CheckAnswer.options),
    text: short,
  }),
  fc.record({ kind: fc.constant('note' as const), by: person, at: time, text: short, permalink: short }),
  fc.record({
    kind: fc.constant('request' as const),
    by: person,
    at: time,
    request: fc.constantFrom('cancel', 'take-over', 'resolve', 'watch-longer', 'wait-longer', 'leave'),
  }),
);

const slotKey = fc.constantFrom(
  'root',
  'outcome',
  'ask/0',
  'ask/3',
  'needs-person/PastEta/1795403040',
  'needs-person/Renamed/1',
);

function statusFor(names: string[]): fc.Arbitrary<RollbackStatus> {
  return plainly<RollbackStatus>({
    schema: fc.constant(1),
    epoch: fc.constant(1),
    phase: fc.constantFrom(...Phase.options),
    message: nasty,
    conditions: fc.array(
      fc.record({
        type: fc.constantFrom(...ConditionType.options, 'NeedsPerson' as const),
        status: fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const),
        reason: fc.constantFrom(...NEEDS_PERSON_REASONS, 'SomethingNew'),
        message: nasty,
        lastTransitionTime: time,
      }),
      { maxLength: 4 },
    ),
    plan: option(planFor(names)),
    targets: fc.tuple(
      ...names.map((name) =>
        plainly<RollbackStatus['targets'][number]>({
          service: fc.constant(name),
          state: fc.constantFrom(...TargetState.options),
          ready: count,
          desired: count,
          detail: option(nasty),
          revision: option(count),
          patchedAt: option(time),
          returnedAt: option(time),
          settledAt: option(time),
        }),
      ),
    ),
    steps: fc.constant([]),
    verification: option(
      fc.record({
        at: time,
        health: fc.tuple(
          ...names.map((name) =>
            fc.record({ service: fc.constant(name), result: fc.constantFrom(...CheckResult.options), evidence: nasty }),
          ),
        ),
      }),
    ),
    evidence: option(
      fc.record({
        configMaps: fc.constant(names.map((name) => ({ service: name, name: `rb-${'x'.repeat(60)}` }))),
        missing: fc.array(nasty, { maxLength: 12 }),
      }),
    ),
    timeline: fc.array(fc.record({ at: time, text: short, by: person }), { maxLength: 200, size: 'max' }),
    slack: fc.dictionary(
      slotKey,
      fc.constant({ channel: 'C0INCIDENT', state: 'sent' as const, at: '2026-11-23T03:03:00.000Z', ts: '1.1' }),
    ),
    startedAt: option(time),
    observedAt: option(time),
    etaAt: option(time),
    outcomeAt: option(time),
    monitoringUntil: option(time),
    askedAt: option(time),
    resumedAt: option(time),
    endedAt: option(time),
    supersededBy: option(nasty),
  });
}

const names = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((n) => Array.from({ length: n }, (_v, i) => `service-${i}`)),
  fc.constant(Array.from({ length: 50 }, (_v, i) => `service-${i}`)),
  nasty.map((text) => [text || 'x']),
);

export const anyRollback: fc.Arbitrary<Rollback> = names.chain((services) =>
  fc
    .record({
      spec: plainly<Rollback['spec']>({
        environment: fc.constant('production'),
        method: fc.constant('undo' as const),
        targets: fc.constant(services.map((one) => ({ service: one }))),
        reason: fc.record({ kind: fc.constantFrom(...ReasonKind.options), text: nasty.map((t) => t.slice(0, 3000)) }),
        requestedBy: fc.record({
          id: fc.constant(HOLDER),
          name: short,
          via: fc.constantFrom(...Requester.shape.via.options),
        }),
        parent: option(
          fc.record({ name: nasty, uid: nasty, relation: fc.constantFrom(...Parent.shape.relation.options) }),
        ),
        drill: option(fc.boolean()),
        inputs: fc.dictionary(fc.stringMatching(/^[0-9a-f]{8}$/), input, { maxKeys: 30 }),
      }),
      status: statusFor(services),
    })
    .map(({ spec, status }) => ({
      apiVersion: API_VERSION,
      kind: 'Rollback' as const,
      metadata: {
        name: 'all-1a2b3c',
        namespace: 'rollback-bot',
        uid: 'u',
        resourceVersion: '1',
        creationTimestamp: '2026-11-23T03:03:00.000Z',
      },
      spec,
      status,
    })),
);
