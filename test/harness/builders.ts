/** Objects for tests: valid and plain; each test changes only what its story is about. Times are on the runbook's night, 2026-11-23. */
import type { Plan, PlannedService, Version } from '#rollback/plan.ts';
import { API_VERSION, type Rollback } from '#rollback/rollback.ts';
import type { InputOf } from '#rollback/inputs.ts';
import type { CheckAnswer, Input, Person, RollbackSpec } from '#rollback/spec.ts';
import type { Condition, RollbackStatus, SlackSlot, TargetStatus } from '#rollback/status.ts';

/** "03:04:10" on the night of the tests, as ISO 8601. */
export function at(time: string): string {
  return `2026-11-23T${time.length === 5 ? `${time}:00` : time}.000Z`;
}

export const maya = { id: 'U0ONCALL', name: 'Maya Chen' };
export const tom = { id: 'U0BACKEND', name: 'Tom Okafor' };

export function aVersion(version = 'v1.4.2', more: Partial<Version> = {}): Version {
  return {
    version,
    image: `registry.lomashwood.com/auth-service:${version}`,
    revision: 3,
    replicaSet: { name: `auth-service-${version.replaceAll('.', '')}`, uid: `uid-${version}` },
    templateHash: `hash-${version}`,
    deployedAt: at('01:00'),
    ...more,
  };
}

export function aPlannedService(service = 'auth-service', more: Partial<PlannedService> = {}): PlannedService {
  return {
    service,
    workload: { kind: 'Deployment', name: service, uid: `uid-${service}` },
    from: aVersion('v1.4.3', { revision: 4 }),
    to: aVersion('v1.4.2'),
    isPrevious: true,
    difference: 'image v1.4.3 → v1.4.2',
    details: '',
    findings: [],
    notes: [],
    ...more,
  };
}

export function aPlan(more: Partial<Plan> = {}): Plan {
  return {
    environment: { name: 'production', production: true, channel: 'C0INCIDENT', namespace: 'lomash-wood' },
    services: [aPlannedService()],
    fullSystem: false,
    checklist: [
      { id: 'health', text: '`GET /health` returns 200 for all services', answeredBy: 'health' },
      { id: 'login', text: '`POST /v1/auth/login` succeeds with valid credentials', answeredBy: 'person' },
    ],
    whoMay: ['@oncall-backend'],
    etaMinutes: 10,
    monitoringMinutes: 15,
    plannedAt: at('03:03'),
    ...more,
  };
}

export function aTarget(service = 'auth-service', more: Partial<TargetStatus> = {}): TargetStatus {
  const untouched = ['Waiting', 'Refused', 'Cancelled'].includes(more.state ?? 'Back');
  return {
    service,
    state: 'Back',
    ready: 3,
    desired: 3,
    ...(untouched ? {} : { patchedAt: at('03:03:01'), settledAt: at('03:04:30') }),
    ...more,
  };
}

export function aStatus(more: Partial<RollbackStatus> = {}): RollbackStatus {
  return {
    schema: 1,
    epoch: 7,
    phase: 'RollingBack',
    message: '',
    conditions: [],
    plan: aPlan(),
    targets: [aTarget('auth-service', { state: 'Patched', ready: 1 })],
    steps: [],
    timeline: [],
    slack: {},
    startedAt: at('03:03'),
    etaAt: at('03:13'),
    ...more,
  };
}

/** Monitored since 03:05, until 03:20. */
export function aMonitored(more: Partial<RollbackStatus> = {}): RollbackStatus {
  return aStatus({
    phase: 'Monitoring',
    targets: [aTarget()],
    outcomeAt: at('03:05'),
    monitoringUntil: at('03:20'),
    verification: { at: at('03:05'), health: [{ service: 'auth-service', result: 'pass', evidence: '200 in 12 ms' }] },
    ...more,
  });
}

interface RollbackParts {
  name?: string;
  createdAt?: string;
  spec?: Partial<RollbackSpec>;
  /** `null`: none yet. */
  status?: RollbackStatus | null;
}

export function aRollback({
  name = 'auth-service-1a2b3c',
  createdAt = at('03:03'),
  spec = {},
  status = aStatus(),
}: RollbackParts = {}): Rollback {
  return {
    apiVersion: API_VERSION,
    kind: 'Rollback',
    metadata: {
      name,
      namespace: 'rollback-bot',
      uid: `uid-${name}`,
      resourceVersion: '100',
      creationTimestamp: createdAt,
    },
    spec: {
      environment: 'production',
      method: 'undo',
      targets: [{ service: 'auth-service' }],
      reason: { kind: 'health-check', text: 'Health check failing since 02:51 UTC' },
      requestedBy: { ...maya, via: 'slack' },
      ...spec,
    },
    ...(status === null ? {} : { status }),
  };
}

/** Inputs under keys k0, k1, …. */
export function inputs(...list: Input[]): Record<string, Input> {
  return Object.fromEntries(list.map((input, i) => [`k${i}`, input]));
}

/** A condition that is True since 03:06. */
export function aCondition(
  type: Condition['type'],
  reason: string,
  message = '',
  more: Partial<Condition> = {},
): Condition {
  return { type, status: 'True', reason, message, lastTransitionTime: at('03:06'), ...more };
}

/** A request that somebody pressed; by Tom, who is not the starter. */
export function aRequest(request: InputOf<'request'>['request'], time: string, by: Person = tom): Input {
  return { kind: 'request', by, at: at(time), request };
}

/** An answer to a check of the checklist. */
export function anAnswer(item: string, answer: CheckAnswer, text?: string, by: Person = maya): Input {
  return { kind: 'check', by, at: at('03:07'), item, answer, ...(text === undefined ? {} : { text }) };
}

/** Slots that Slack has already. */
export function posted(...keys: string[]): Record<string, SlackSlot> {
  return Object.fromEntries(
    keys.map((key, i) => [key, { channel: 'C0INCIDENT', state: 'sent', at: at('03:03'), ts: `1.${i}`, hash: 'x' }]),
  );
}

/** The nine services of the runbook, shortened where a test reads them. */
export const nine = [
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

/** A rollback of the full system with these targets. */
export function aFullSystem(targets: TargetStatus[], more: Partial<RollbackStatus> = {}, spec = {}): Rollback {
  const plan = aPlan({ services: nine.map((service) => aPlannedService(service)), fullSystem: true });
  return aRollback({
    spec: { targets: nine.map((service) => ({ service })), ...spec },
    status: aStatus({ plan, targets, ...more }),
  });
}
