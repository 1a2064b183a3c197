import { describe, expect, it } from '@jest/globals';
import { createNewest } from '#slack/form/change-form.ts';

describe('of two choices on one view', () => {
  it('the one that was made later counts, once it is known', () => {
    const newest = createNewest();
    const first = newest.take('V1', 1795402813.1);
    expect(first()).toBe(true);
    const second = newest.take('V1', 1795402813.100001);
    expect([first(), second()]).toEqual([false, true]);
  });

  it('the one that was made first does not count when it is heard last', () => {
    const newest = createNewest();
    const second = newest.take('V1', 1795402813.100001);
    const first = newest.take('V1', 1795402813.1);
    expect([first(), second()]).toEqual([false, true]);
  });

  it('another view has choices of its own', () => {
    const newest = createNewest();
    const here = newest.take('V1', 2);
    const there = newest.take('V2', 1);
    expect([here(), there()]).toEqual([true, true]);
  });
});
