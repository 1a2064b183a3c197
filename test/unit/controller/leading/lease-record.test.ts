import { describe, expect, it } from '@jest/globals';
import {
  holds,
  mayTake,
  microTime,
  nextSpec,
  releasedSpec,
  type Seen,
  seenAt,
} from '#controller/leading/lease-record.ts';

const seen = (holderIdentity: string, atMs = 0, leaseDurationSeconds = 15): Seen => ({
  resourceVersion: '1',
  spec: { holderIdentity, leaseDurationSeconds, leaseTransitions: 4, acquireTime: 'then', renewTime: 'then' },
  atMs,
});

describe('taking a lease', () => {
  it.each([
    ['is allowed when nobody holds it', seen(''), 0, true],
    ['is allowed when we hold it', seen('me'), 0, true],
    ['is not allowed while another one renews it', seen('other'), 14_999, false],
    ['is allowed once another one has not renewed it for its whole duration', seen('other'), 15_000, true],
    ['goes by the duration in the record', seen('other', 0, 60), 59_999, false],
    ['counts from when we saw the record, not from what it says', seen('other', 100_000), 114_999, false],
  ])('%s', (_rule, record, nowMs, expected) => {
    expect(mayTake(record, 'me', nowMs)).toBe(expected);
  });

  it('begins the next term; keeping it does not', () => {
    const { spec } = seen('other');
    const me = { identity: 'me', isRunning: false };
    expect(nextSpec(spec, me, 'now')).toEqual({
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: 'now',
      renewTime: 'now',
      leaseTransitions: 5,
    });
    expect(nextSpec(spec, { identity: 'other', isRunning: true }, 'now')).toMatchObject({
      acquireTime: 'then',
      renewTime: 'now',
      leaseTransitions: 4,
    });
    expect(nextSpec({}, me, 'now')).toMatchObject({ leaseTransitions: 1 });
  });

  it('begins the next term too when the lease is our own and our term was lost', () => {
    const { spec } = seen('me');
    expect(nextSpec(spec, { identity: 'me', isRunning: false }, 'now')).toMatchObject({
      acquireTime: 'now',
      leaseTransitions: 5,
    });
  });
});

describe('holding a lease', () => {
  it('ends with its duration, by our own clock, and with another holder', () => {
    expect(holds(seen('me'), 'me', 14_999)).toBe(true);
    expect(holds(seen('me'), 'me', 15_000)).toBe(false);
    expect(holds(seen('other'), 'me', 0)).toBe(false);
    expect(holds(undefined, 'me', 0)).toBe(false);
  });

  it('keeps the time at which a record was first seen', () => {
    const first = seenAt(undefined, '7', {}, 100);
    expect(seenAt(first, '7', {}, 900)).toBe(first);
    expect(seenAt(first, '8', {}, 900)).toMatchObject({ resourceVersion: '8', atMs: 900 });
  });
});

it('releases for the next one at once, and keeps the number of the term', () => {
  const released = releasedSpec(seen('me').spec, 'now');
  expect(released).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 4 });
  expect(mayTake({ ...seen('x'), spec: released }, 'other', 0)).toBe(true);
  expect(nextSpec(released, { identity: 'me', isRunning: false }, 'later').leaseTransitions).toBe(5);
});

it('writes times with six digits', () => {
  expect(microTime(Date.UTC(2026, 10, 23, 3, 4, 5, 123))).toBe('2026-11-23T03:04:05.123000Z');
});
