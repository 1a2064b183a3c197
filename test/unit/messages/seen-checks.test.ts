import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CHECKS_MAX, encodeSeen, readSeen, ticksChanged } from '#messages/seen-checks.ts';

const ids = ['health', 'login', 'products'];

describe('what a person ticked', () => {
  it('is what differs from what that person saw, not the whole set', () => {
    const seen = encodeSeen(7, 0, [true, false, false]);
    expect([...ticksChanged(ids, seen, ['health', 'products'])]).toEqual([['products', true]]);
    expect([...ticksChanged(ids, seen, [])]).toEqual([['health', false]]);
  });

  it('does not undo what somebody else ticked meanwhile', () => {
    // Both saw nothing ticked; the other one has ticked login, this one ticks products.
    expect([...ticksChanged(ids, encodeSeen(0, 0, [false, false, false]), ['products'])]).toEqual([['products', true]]);
  });

  it('concerns only the ten boxes of that block', () => {
    const many = Array.from({ length: 12 }, (_v, i) => `c${i}`);
    const shown = many.map((_id, i) => i === 3);
    expect([...ticksChanged(many, encodeSeen(1, 1, shown), ['c11'])]).toEqual([['c11', true]]);
  });

  it('is nothing for a block that is not ours', () => {
    expect(readSeen('actions:1')).toBeUndefined();
    expect(ticksChanged(ids, 'actions:1', ['login']).size).toBe(0);
  });

  it('survives the way through a block_id, within its limit', () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.nat(4),
        fc.array(fc.boolean(), { maxLength: CHECKS_MAX }),
        (revision, part, shown) => {
          const id = encodeSeen(revision, part, shown);
          expect(id.length).toBeLessThanOrEqual(255);
          expect(readSeen(id)).toEqual({ part, shown });
        },
      ),
    );
  });
});
