import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { code, cut, escape, inline, inlineWithLinks, lengthOf, link, preformatted } from '#blocks/escape.ts';
import { nasty } from '#test/harness/any-rollback.ts';

const CONTROL = /<(?!https?:\/\/[^<>|]*>)/;
const BROKEN_ENTITY = /&(?!amp;|lt;|gt;)/;

describe('text of people', () => {
  it.each([
    ['calls', '<!channel> <@U1> <!subteam^S1>', '&lt;!channel&gt; &lt;@U1&gt; &lt;!subteam^S1&gt;'],
    ['disguised links', '<https://evil|https://good>', '&lt;https://evil|https://good&gt;'],
    ['lines that look like ours', 'a\nStatus: Resolved\u2028b', 'a Status: Resolved b'],
    ['text that is escaped already', '&lt;', '&amp;lt;'],
  ])('has no power: %s', (_name, text, safe) => {
    expect(inline(text)).toBe(safe);
  });

  it('keeps web addresses, showing where they lead', () => {
    expect(inlineWithLinks('see https://a.test/?x=1&y=2, and <https://b.test>.')).toBe(
      'see <https://a.test/?x=1&amp;y=2>, and &lt;<https://b.test>&gt;.',
    );
  });

  it('whatever it is, stays within its length and free of control sequences', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 400 }), (text, max) => {
        for (const safe of [inline(text, max), inlineWithLinks(text, max), cut(escape(text), max)]) {
          expect(lengthOf(safe)).toBeLessThanOrEqual(max);
          expect(safe).not.toMatch(CONTROL);
          expect(safe).not.toMatch(BROKEN_ENTITY);
        }
        expect(inline(text, max)).not.toMatch(/[\n\r]/);
      }),
    );
  });
});

describe('cutting', () => {
  it('counts code points and says that something was left out', () => {
    expect(cut('😀😀😀', 3)).toBe('😀😀😀');
    expect(cut('😀😀😀😀', 3)).toBe('😀😀…');
  });

  it('never leaves half an entity or half of one of our sequences', () => {
    expect(cut('ab&amp;cd', 5)).toBe('ab…');
    expect(cut('at <!date^1^{time}|03:04 UTC> then', 12)).toBe('at …');
  });
});

describe('links', () => {
  it('lead to web addresses only', () => {
    expect(link('https://x.test/a?b=1&c=2', 'Open')).toBe('<https://x.test/a?b=1&amp;c=2|Open>');
    expect(link('javascript:alert(1)', 'Open')).toBe('Open');
    expect(link(undefined, 'Open')).toBe('Open');
  });

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), nasty), nasty, (url, text) => {
        const made = link(url, text);
        expect(made.replace(/^<https?:\/\/[^<>|]*\|([^<>|]*)>$/, '$1')).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe('code', () => {
  it('cannot be ended from inside', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(preformatted(text).slice(4, -4)).not.toContain('`');
        expect(code(text).slice(1, -1)).not.toContain('`');
      }),
    );
  });
});
