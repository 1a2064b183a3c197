import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { cutDown } from '#controller/passes/cut-down.ts';
import { RollbackStatus } from '#rollback/status.ts';
import { anyRollback } from '#test/harness/any-rollback.ts';
import { aFullSystem, aPlan, aPlannedService, aStatus, aTarget, at, nine, posted } from '#test/harness/builders.ts';

const size = (status: RollbackStatus): number => Buffer.byteLength(JSON.stringify(status));
const long = 'x'.repeat(3000);

describe('a settled rollback', () => {
  it('of the full system with long texts fits into 8 KiB', () => {
    const { status } = aFullSystem(nine.map((service) => aTarget(service)));
    const plan = aPlan({
      services: nine.map((service) => aPlannedService(service, { details: long, difference: long, notes: [long] })),
    });
    const timeline = Array.from({ length: 200 }, (_, i) => ({ at: at('03:05'), text: `${i} ${'y'.repeat(480)}` }));
    const health = nine.map((service) => ({ service, result: 'pass' as const, evidence: long.slice(0, 400) }));
    const whole = {
      ...status!,
      plan,
      timeline,
      verification: { at: at('03:05'), health },
      slack: posted('root', 'outcome'),
    };
    expect(size(whole)).toBeGreaterThan(100_000);
    const cut = cutDown(whole);
    expect(size(cut)).toBeLessThanOrEqual(8 * 1024);
    expect(cut.plan?.services.map(({ from, to }) => [from?.version, to?.version])).toEqual(
      nine.map(() => ['v1.4.3', 'v1.4.2']),
    );
    expect(cut.targets).toEqual(status!.targets);
    expect(cut.verification?.health.every(({ result }) => result === 'pass')).toBe(true);
  });

  it('keeps its first entry and the newest, and the short texts as they are', () => {
    const timeline = Array.from({ length: 60 }, (_, i) => ({ at: at('03:05'), text: `entry ${i} ${'y'.repeat(180)}` }));
    const cut = cutDown(aStatus({ timeline }));
    expect(cut.timeline[0]?.text).toMatch(/^entry 0 /);
    expect(cut.timeline.at(-1)?.text).toMatch(/^entry 59 /);
    expect(cutDown(aStatus()).plan?.services[0]?.difference).toBe('image v1.4.3 → v1.4.2');
  });

  it('is a status still, whatever it was, and cutting it again changes nothing', () => {
    fc.assert(
      fc.property(anyRollback, ({ status }) => {
        const cut = cutDown(status!);
        RollbackStatus.parse(cut);
        expect(cutDown(cut)).toEqual(cut);
        expect(cut.phase).toBe(status!.phase);
        expect(cut.slack).toEqual(status!.slack);
      }),
      { numRuns: 50 },
    );
  });
});
