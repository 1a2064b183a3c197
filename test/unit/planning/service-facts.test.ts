import { describe, expect, it } from '@jest/globals';
import type { TargetState } from '#rollback/status.ts';
import { othersOf } from '#planning/service-facts.ts';
import { aRollback, aStatus, aTarget, at } from '#test/harness/builders.ts';

const question = { environment: 'production', service: 'auth-service' };
const running = aRollback({ name: 'running', createdAt: at('03:00') });
const waiting = (name: string, createdAt: string) => aRollback({ name, createdAt, status: null });

describe('other rollbacks of a service', () => {
  it('are those that have not ended, with where they stand with it', () => {
    expect(othersOf([running], question)).toEqual([
      {
        name: 'running',
        namespace: 'rollback-bot',
        phase: 'RollingBack',
        startedBy: 'Maya Chen',
        state: 'Patched',
        isOlder: true,
      },
    ]);
  });

  it.each<TargetState>(['Patched', 'Waiting'])(
    'give way when a person was called and it is %s, unless it may patch yet',
    (state) => {
      const called = {
        type: 'NeedsPerson' as const,
        status: 'True' as const,
        reason: 'PastEta',
        message: '',
        lastTransitionTime: at('03:12'),
      };
      const late = aRollback({
        status: aStatus({ targets: [aTarget('auth-service', { state })], conditions: [called] }),
      });
      expect(othersOf([late], question)[0]?.awaitsPerson).toBe(state === 'Patched' ? true : undefined);
    },
  );

  it.each([
    ['ended ones', aRollback({ status: aStatus({ phase: 'Resolved', targets: [aTarget()] }) })],
    ['dry runs', aRollback({ spec: { dryRun: true } })],
    ['those of another environment', aRollback({ spec: { environment: 'staging' } })],
    ['those of other services', aRollback({ spec: { targets: [{ service: 'api-gateway' }] } })],
  ])('are not %s', (_which, rollback) => {
    expect(othersOf([rollback], question)).toEqual([]);
  });

  it('never include the one that is being planned', () => {
    expect(othersOf([running], { ...question, self: 'running' })).toEqual([]);
  });

  it('of two that wait for each other, the older goes first', () => {
    const both = [waiting('a', at('03:00')), waiting('b', at('03:01'))];
    expect(othersOf(both, { ...question, self: 'a' })).toMatchObject([{ name: 'b', isOlder: false }]);
    expect(othersOf(both, { ...question, self: 'b' })).toMatchObject([{ name: 'a', isOlder: true }]);
  });

  it('of two that one leader has, the one that it began with first goes, whatever they are called', () => {
    const both = [waiting('b', at('03:00')), waiting('a', at('03:00'))];
    const [first, second] = [{ begunBefore: new Set<string>() }, { begunBefore: new Set(['b']) }];
    expect(othersOf(both, { ...question, self: 'b', ...first })).toMatchObject([{ name: 'a', isOlder: false }]);
    expect(othersOf(both, { ...question, self: 'a', ...second })).toMatchObject([{ name: 'b', isOlder: true }]);
  });

  it('of two made in the same second, the name decides', () => {
    const both = [waiting('b', at('03:00')), waiting('a', at('03:00'))];
    expect(othersOf(both, { ...question, self: 'b' })).toMatchObject([{ name: 'a', isOlder: true }]);
  });
});
