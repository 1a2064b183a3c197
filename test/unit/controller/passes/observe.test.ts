import { describe, expect, it } from '@jest/globals';
import { afterProgress, withObservedAt } from '#controller/passes/observe.ts';
import { TargetStatus } from '#rollback/status.ts';
import { aStatus, aTarget, at } from '#test/harness/builders.ts';

const seen = { state: 'progressing', ready: 1, desired: 2, revision: 4, detail: 'image v1.9.2 not found' } as const;
const look = (target: TargetStatus): TargetStatus => afterProgress(target, seen, at('03:04:05'), false);

describe('the line "As of"', () => {
  // As read back, for the API server keeps no order of fields that a look could rely on.
  const recorded = TargetStatus.parse(look(aTarget('content-service', { state: 'Patched' })));
  const status = aStatus({ targets: [recorded], observedAt: at('03:04:00') });
  const again = (time: string, targets = [look(recorded)]) =>
    withObservedAt(status, { ...status, targets }, Date.parse(at(time))).observedAt;

  it('is not written anew when the same is seen again (seed 20000160)', () => {
    expect(again('03:04:05')).toBe(at('03:04:00'));
  });

  it('moves every ten seconds, and at once with what is seen', () => {
    expect(again('03:04:10')).toBe(at('03:04:10'));
    expect(again('03:04:05', [{ ...recorded, ready: 2 }])).toBe(at('03:04:05'));
  });
});
