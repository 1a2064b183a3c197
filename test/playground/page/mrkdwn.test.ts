import { describe, expect, it } from '@jest/globals';
import { pageModule } from './page-module.ts';

const { parseMrkdwn, parsePlain } = await pageModule('text/mrkdwn.js');

const text = (content: string) => ({ type: 'text', text: content });
const types = (source: string): string[] => parseMrkdwn(source).map((node: { type: string }) => node.type);

describe('mrkdwn', () => {
  it.each([
    ['*bold*', 'bold'],
    ['_italic_', 'italic'],
    ['~gone~', 'strike'],
    ['`code`', 'code'],
    ['<https://lomashwood.com|the shop>', 'link'],
    ['<@U0ONCALL>', 'user'],
    ['<#C0INCIDENT|incidents>', 'channel'],
    ['<!subteam^S0LEADS>', 'usergroup'],
    ['<!here>', 'broadcast'],
    [':white_check_mark:', 'emoji'],
    ['&gt; said before', 'quote'],
    ['```\nlog\n```', 'pre'],
  ])('reads %s as %s', (source, type) => {
    expect(types(source)).toEqual([type]);
  });

  it('leaves marks inside words and unclosed ones as they are', () => {
    expect(parseMrkdwn('snake_case_name and 2*3*4 and *open')).toEqual([text('snake_case_name and 2*3*4 and *open')]);
  });

  it('puts styles into each other', () => {
    expect(parseMrkdwn('*ROLLBACK _now_*')).toEqual([
      { type: 'bold', children: [text('ROLLBACK '), { type: 'italic', children: [text('now')] }] },
    ]);
  });

  it('reads no style inside code, but does not lose entities', () => {
    expect(parseMrkdwn('`a *b* &lt;c&gt;`')).toEqual([{ type: 'code', children: [text('a *b* <c>')] }]);
  });

  it('unescapes what the app escaped, once', () => {
    expect(parseMrkdwn('a &amp;lt; b')).toEqual([text('a &lt; b')]);
  });

  it('keeps a shortcode that it does not know', () => {
    expect(parseMrkdwn('at 10:30:15 :no_such_thing:')).toEqual([text('at 10:30:15 :no_such_thing:')]);
  });

  it('reads a date with its format, link and fallback', () => {
    expect(parseMrkdwn('<!date^1700000000^{time}^https://lomashwood.com|22:13 UTC>')).toEqual([
      { type: 'date', seconds: 1_700_000_000, format: '{time}', url: 'https://lomashwood.com', label: '22:13 UTC' },
    ]);
  });

  it('makes a link of a pasted address, without the full stop behind it', () => {
    expect(parseMrkdwn('see https://lomashwood.com/a?b=1&amp;c=2.')).toEqual([
      text('see '),
      { type: 'link', url: 'https://lomashwood.com/a?b=1&c=2', text: 'https://lomashwood.com/a?b=1&c=2' },
      text('.'),
    ]);
  });

  it('breaks lines, except around quotes and code, which are lines of their own', () => {
    expect(types('one\ntwo\n&gt; three\nfour\n```five```\nsix')).toEqual([
      'text',
      'break',
      'text',
      'quote',
      'text',
      'pre',
      'text',
    ]);
  });

  it('shows plain text as it is, with emoji', () => {
    expect(parsePlain('*not bold* :eyes:')).toEqual([text('*not bold* '), { type: 'emoji', name: 'eyes', text: '👀' }]);
  });
});
