/** Facts for tests of preflight: nothing to complain of, but what nobody can check yet. */
import type { Fact, ServiceFacts } from '#preflight/facts.ts';
import { aVersion, at } from '#test/harness/builders.ts';
import { aDeployment, aPod, aReplicaSet } from '#test/harness/rows.ts';

export const unknown: { known: false; why: string } = { known: false, why: 'no answer in time' };

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function facts(more: Partial<ServiceFacts> = {}): ServiceFacts {
  return {
    service: 'auth-service',
    kind: 'Deployment',
    workload: 'auth-service',
    isSeen: true,
    where: { environment: 'production', namespace: 'lomash-wood' },
    nowMs: Date.parse(at('03:03')),
    deployment: aDeployment('v1.4.3'),
    replicaSets: [aReplicaSet('v1.4.3', 4), aReplicaSet('v1.4.2', 3)],
    pods: [aPod('v1.4.3')],
    from: aVersion('v1.4.3', { revision: 4, deployedAt: at('02:50') }),
    to: aVersion('v1.4.2', { ranWellMinutes: 600 }),
    isPrevious: true,
    isChosen: false,
    knownGoodMinutes: 10,
    difference: 'image v1.4.3 → v1.4.2',
    skipped: known([]),
    left: known(undefined),
    configMaps: known(new Map()),
    secrets: known(new Map()),
    autoscalers: known([]),
    disruptionBudgets: known([]),
    denied: known([]),
    others: [],
    ...more,
  };
}
