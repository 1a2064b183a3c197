import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { evidenceName, fitParts } from '#capture/evidence.ts';

const bytesOf = (parts: { name: string; text: string }[]): number =>
  Buffer.byteLength(JSON.stringify(Object.fromEntries(parts.map((p) => [p.name, p.text]))));

describe('what fits into one object', () => {
  it('is everything when it is small', () => {
    const parts = [{ name: 'summary.txt', text: 'a\nb' }];
    expect(fitParts(parts)).toEqual({ parts, cut: [] });
  });

  it('keeps small parts whole, and the end of a large one, and names what was cut', () => {
    const log = Array.from({ length: 1_000 }, (_, n) => `line ${n}`).join('\n');
    const { parts, cut } = fitParts(
      [
        { name: 'summary.txt', text: 'short' },
        { name: 'logs-a.txt', text: log },
      ],
      4_000,
    );
    expect(parts[0]?.text).toBe('short');
    expect(parts[1]?.text).toMatch(/^line \d+\n[\s\S]*\nline 999$/);
    expect(cut).toEqual(['the beginning of logs-a.txt (too large)']);
  });

  it('never exceeds the limit, whatever the texts are', () => {
    const part = fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}\.txt$/),
      text: fc.string({ unit: 'binary', maxLength: 4_000 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(part, { minLength: 1, maxLength: 6, selector: (p) => p.name }), (parts) => {
        expect(bytesOf(fitParts(parts, 6_000).parts)).toBeLessThanOrEqual(6_000);
      }),
    );
  });

  it('has a name that is the same for every replica and every try', () => {
    expect(evidenceName('all-77aa', 'auth-service')).toBe('all-77aa-auth-service-evidence');
  });
});
