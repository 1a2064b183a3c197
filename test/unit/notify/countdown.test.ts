import { describe, expect, it } from '@jest/globals';
import { countdown } from '#notify/countdown.ts';
import type { Clock } from '#rollback/ports.ts';

const from = { wall: 1_000_000, monotonic: 50 };
/** A clock whose time can be set. */
const clockOf = (time: typeof from): Clock => ({
  now: () => time.wall,
  monotonic: () => time.monotonic,
  sleep: () => Promise.resolve(),
});

describe('a countdown', () => {
  it.each([
    ['begins with the whole', 0, 0, 5_000],
    ['goes down with the time', 2_000, 2_000, 3_000],
    ['is over when a wall clock was moved forward', 60_000, 10, -55_000],
    ['goes on when a wall clock was set back', -3_600_000, 4_000, 1_000],
  ])('%s', (_how, wallMs, monotonicMs, leftMs) => {
    const time = { ...from };
    const left = countdown(clockOf(time), 5_000);
    time.wall += wallMs;
    time.monotonic += monotonicMs;
    expect(left()).toBe(leftMs);
  });
});
