import { describe, expect, it } from '@jest/globals';
import { expired } from '#controller/leading/retention.ts';
import { aCondition, aRollback, aStatus, aTarget, at } from '#test/harness/builders.ts';

const DAY_MS = 24 * 60 * 60_000;
const nowMs = Date.parse(at('03:03'));
const ago = (days: number): string => new Date(nowMs - days * DAY_MS).toISOString();

const ended = (
  name: string,
  days: number,
  { service = 'auth-service', environment = 'production', settled = true } = {},
) =>
  aRollback({
    name,
    createdAt: ago(days),
    spec: { environment },
    status: aStatus({
      phase: 'Resolved',
      targets: [aTarget(service)],
      conditions: settled ? [aCondition('Settled', 'Done')] : [],
      endedAt: ago(days),
    }),
  });
const refused = (name: string, days: number) => {
  const rollback = ended(name, days);
  rollback.status!.targets = [aTarget('auth-service', { state: 'Refused' })];
  return rollback;
};
const names = (rollbacks: ReturnType<typeof ended>[]): string[] =>
  expired(rollbacks, nowMs).map((r) => r.metadata.name);

describe('finished rollbacks', () => {
  it('are kept 180 days, and the last three of a service whatever their age', () => {
    const old = ['a', 'b', 'c', 'd', 'e'].map((name, i) => ended(name, 300 - i));
    expect(names(old)).toEqual(['a', 'b']);
    expect(names([...old, ended('young', 179)])).toEqual(['a', 'b', 'c']);
    expect(names([1, 2, 3, 4, 5].map((day) => ended(`r${day}`, 180 - day)))).toEqual([]);
  });

  it('count per service and environment', () => {
    const elsewhere = [1, 2, 3].map((i) => ended(`s${i}`, 200 + i, { environment: 'staging' }));
    const other = [1, 2, 3].map((i) => ended(`o${i}`, 200 + i, { service: 'api-gateway' }));
    expect(names([...elsewhere, ...other, ended('x', 290)])).toEqual([]);
  });

  it('that touched nothing are no history of a service', () => {
    expect(names([ended('a', 300), ended('b', 290), ended('c', 280), refused('no', 270)])).toEqual(['no']);
  });

  it('that are not settled stay', () => {
    const old = ['a', 'b', 'c', 'd'].map((name, i) => ended(name, 300 - i, { settled: false }));
    expect(names(old)).toEqual([]);
  });
});
