import { describe, expect, it } from '@jest/globals';
import { aRollback } from '#test/harness/builders.ts';
import { linesOf, slotKeys } from '#test/harness/message-text.ts';

describe('a reason too long for its line', () => {
  const text = `${'all logins fail '.repeat(100)}\nlast line`;
  const rollback = aRollback({ spec: { reason: { kind: 'other', text } } });

  it('is cut in INITIATED and stands whole in the thread', () => {
    expect(linesOf(rollback, 'root')[2]).toMatch(/^Reason: all logins fail .*…$/);
    expect(linesOf(rollback, 'reason')[0]).toBe('The whole reason, as Maya Chen gave it:');
    expect(linesOf(rollback, 'reason').at(-1)).toBe('> last line');
  });

  it('is the only one told twice', () => {
    expect(slotKeys(aRollback())).not.toContain('reason');
  });
});
