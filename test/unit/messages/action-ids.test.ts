import { describe, expect, it } from '@jest/globals';
import { ACTION_IDS, decodeButtonValue, encodeButtonValue } from '#messages/action-ids.ts';

describe('what a button carries', () => {
  it('comes back as it went', () => {
    const value = { rollback: 'auth-service-1a2b3c', service: 'auth-service' };
    expect(decodeButtonValue(encodeButtonValue(value))).toEqual(value);
  });

  it('leaves out a service that does not fit', () => {
    const value = encodeButtonValue({ rollback: 'a', service: 'x'.repeat(3000) });
    expect(decodeButtonValue(value)).toEqual({ rollback: 'a' });
  });

  it.each([undefined, '', 'auth-service', '{"service":"a"}', '[]'])('is nothing of ours: %p', (text) => {
    expect(decodeButtonValue(text)).toBeUndefined();
  });

  it('has ids without a version, each its own', () => {
    const ids = Object.values(ACTION_IDS);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^rollback\.[a-z_]+$/);
  });
});
