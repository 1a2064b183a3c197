import { describe, expect, it } from '@jest/globals';
import type { Memory } from '#journal/journal.ts';
import { type Comebacks, comebacksOf } from '#planning/comebacks.ts';
import { historyOf, rememberedVersion } from '#planning/versions.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { TargetStatus } from '#rollback/status.ts';
import { aPlan, aPlannedService, aRollback, aStatus, aTarget, at, aVersion } from '#test/harness/builders.ts';
import { aDeployment, aReplicaSet } from '#test/harness/rows.ts';

const GOOD = 10;

function remembering(more: Partial<Memory> = {}): Memory {
  return { ranWell: new Map(), left: new Map(), since: new Map(), numbers: [], ...more };
}

const mark = { workload: 'auth-service', templateHash: 'hash-v1.4.2', leftAt: at('01:30'), by: 'first' };

function rollbackTo(version: string, more: Partial<TargetStatus>): Rollback {
  const plan = aPlan({ services: [aPlannedService('auth-service', { to: aVersion(version) })] });
  return aRollback({ status: aStatus({ plan, targets: [aTarget('auth-service', more)] }) });
}

const comebacks = (...rollbacks: Rollback[]): Comebacks =>
  comebacksOf(rollbacks, 'production', { kind: 'Deployment', name: 'auth-service' });

describe('the history of a service', () => {
  const deployment = aDeployment('v1.4.3');
  const rows = [aReplicaSet('v1.4.1', 2), aReplicaSet('v1.4.3', 4), aReplicaSet('v1.4.2', 3)];
  const foreign = aReplicaSet('v9', 9, { ownerUid: 'somebody-else' });

  it('is newest first, with the current one marked, and only of this Deployment', () => {
    const history = historyOf(deployment, [...rows, foreign], remembering(), [], GOOD);
    expect(history.map((h) => [h.version, h.current])).toEqual([
      ['v1.4.3', true],
      ['v1.4.2', false],
      ['v1.4.1', false],
    ]);
  });

  it('marks the newest earlier version that ran well and was not left', () => {
    const ranWell = new Map([
      ['hash-v1.4.2', 30],
      ['hash-v1.4.1', 300],
    ]);
    const good = (memory: Memory) =>
      historyOf(deployment, rows, memory, [], GOOD).find((h) => h.lastKnownGood)?.version;
    expect(good(remembering({ ranWell }))).toBe('v1.4.2');
    expect(good(remembering({ ranWell, left: new Map([['hash-v1.4.2', mark]]) }))).toBe('v1.4.1');
  });

  it('calls nothing good that ran for a short time, or that somebody went back from by hand', () => {
    const short = remembering({ ranWell: new Map([['hash-v1.4.2', 9.9]]) });
    expect(historyOf(deployment, rows, short, [], GOOD).some((h) => h.lastKnownGood)).toBe(false);
    const back = [aReplicaSet('v1.4.1', 4, { formerRevisions: [2] }), aReplicaSet('v1.4.2', 3)];
    const ran = remembering({ ranWell: new Map([['hash-v1.4.2', 30]]) });
    expect(historyOf(aDeployment('v1.4.1'), back, ran, [], GOOD).some((h) => h.lastKnownGood)).toBe(false);
  });

  it('calls nothing good that nobody saw run', () => {
    expect(historyOf(deployment, rows, remembering(), [], GOOD).some((h) => h.lastKnownGood)).toBe(false);
  });

  it('tells a version that came back by the time it came back, a new one by its creation', () => {
    const memory = remembering({ since: new Map([['hash-v1.4.2', at('02:00')]]) });
    const back = aReplicaSet('v1.4.2', 5, { formerRevisions: [3] });
    expect(rememberedVersion(back, deployment, memory, []).deployedAt).toBe(at('02:00'));
    expect(rememberedVersion(aReplicaSet('v1.4.2', 3), deployment, memory, []).deployedAt).toBe(at('01:00'));
  });

  it('tells whose rollback brought it back, when, and when it was first deployed', () => {
    const back = aReplicaSet('v1.4.2', 5, { formerRevisions: [3] });
    const first = rollbackTo('v1.4.2', { revision: 5, patchedAt: at('02:30') });
    const told = rememberedVersion(back, deployment, remembering(), comebacks(first));
    expect(told).toMatchObject({
      deployedAt: at('02:30'),
      cameBack: { firstDeployedAt: at('01:00'), by: 'Maya Chen' },
    });
  });

  it('credits no rollback with what somebody else brought back again since', () => {
    const memory = remembering({ since: new Map([['hash-v1.4.2', at('03:00')]]) });
    const again = aReplicaSet('v1.4.2', 7, { formerRevisions: [3, 5] });
    const first = rollbackTo('v1.4.2', { revision: 5, patchedAt: at('02:30') });
    const told = rememberedVersion(again, deployment, memory, comebacks(first));
    expect(told).toMatchObject({ deployedAt: at('03:00'), cameBack: { firstDeployedAt: at('01:00') } });
    expect(told.cameBack?.by).toBeUndefined();
  });

  it('carries what the journal knows', () => {
    const memory = remembering({
      ranWell: new Map([['hash-v1.4.2', 0.4]]),
      left: new Map([['hash-v1.4.2', mark]]),
    });
    expect(rememberedVersion(aReplicaSet('v1.4.2', 3), deployment, memory, [])).toMatchObject({
      ranWellMinutes: 1,
      leftAt: at('01:30'),
    });
  });
});
