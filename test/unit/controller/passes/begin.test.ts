import { describe, expect, it } from '@jest/globals';
import { begunBefore } from '#controller/passes/begin.ts';

describe('of those that one leader begins with', () => {
  it('the earlier ones count until they show it; one that is tried again keeps its place', () => {
    const begun = new Set<string>();
    const none = () => undefined;
    expect(begunBefore(begun, 'b', none)).toEqual(new Set());
    expect(begunBefore(begun, 'a', none)).toEqual(new Set(['b']));
    expect(begunBefore(begun, 'b', none)).toEqual(new Set());
    expect(begunBefore(begun, 'c', (name) => (name === 'b' ? 'RollingBack' : undefined))).toEqual(new Set(['a']));
  });
});
