import { describe, expect, it } from '@jest/globals';
import { after, lastMoment, later } from '#rollback/moment.ts';
import type { Clock } from '#rollback/ports.ts';
import { aStatus, at } from '#test/harness/builders.ts';

const clockAt = (time: string): Clock => ({
  now: () => Date.parse(at(time)),
  monotonic: () => 5,
  sleep: () => Promise.resolve(),
});

describe('the last moment on record', () => {
  it('is the latest of what happened', () => {
    const timeline = [{ at: at('03:07'), text: 'Cancelled.' }];
    expect(lastMoment(aStatus({ startedAt: at('03:03'), outcomeAt: at('03:06'), timeline }))).toBe(
      Date.parse(at('03:07')),
    );
    expect(lastMoment(aStatus({ startedAt: at('03:03'), outcomeAt: at('03:08'), timeline }))).toBe(
      Date.parse(at('03:08')),
    );
  });

  it('is none before anything happened', () => {
    expect(lastMoment(undefined)).toBe(0);
  });
});

describe('the clock for what is written next', () => {
  it('is our own where ours is ahead', () => {
    const clock = after(clockAt('03:10'), Date.parse(at('03:07')));
    expect(new Date(clock.now()).toISOString()).toBe(new Date(at('03:10')).toISOString());
  });

  it('stands just after what another host wrote where ours is behind', () => {
    const clock = after(clockAt('03:05'), Date.parse(at('03:07')));
    expect(clock.now()).toBe(Date.parse(at('03:07')) + 1);
    expect(clock.monotonic()).toBe(5);
  });
});

describe('of two times', () => {
  it('the later one counts, and the only one where there is no other', () => {
    expect(later(at('03:05'), at('03:06'))).toBe(at('03:06'));
    expect(later(at('03:06'), at('03:05'))).toBe(at('03:06'));
    expect(later(at('03:05'), undefined)).toBe(at('03:05'));
  });
});
