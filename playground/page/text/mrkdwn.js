/**
 * Slack's mrkdwn as a tree. Pure: who a person is and what time it is are asked when the tree is drawn. What does not parse stays text, as
 * in Slack: an asterisk inside a word is an asterisk.
 *
 * @typedef {{ type: string, text?: string, children?: MrkdwnNode[], [field: string]: unknown }} MrkdwnNode
 */
import { emojiFor } from './emoji.js';

const styles = { '*': 'bold', _: 'italic', '~': 'strike' };
const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity]);

const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isSpace = (character) => character === undefined || /\s/.test(character);

/** `<…>`: a link, a mention, a date. */
function angle(inner) {
  const [target, ...rest] = inner.split('|');
  const label = rest.length > 0 ? unescape(rest.join('|')) : undefined;
  if (target.startsWith('@')) return { type: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { type: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { type: 'usergroup', id: target.slice(9), label };
  if (target.startsWith('!date^')) {
    const [, seconds, format, url] = target.split('^');
    return { type: 'date', seconds: Number(seconds), format: unescape(format ?? ''), url, label };
  }
  if (target.startsWith('!')) return { type: 'broadcast', text: target.slice(1).split('^')[0] };
  const url = unescape(target);
  return { type: 'link', url, text: label ?? url.replace(/^mailto:/, '') };
}

/** Index of the character that closes the style opened at `from`, or -1. It passes over code and angle brackets. */
function closing(text, from) {
  const mark = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\n') return -1;
    if (text[at] === '<' || text[at] === '`') {
      const end = text.indexOf(text[at] === '<' ? '>' : '`', at + 1);
      if (end > 0) at = end;
    } else if (text[at] === mark && at > from + 1 && !isSpace(text[at - 1]) && !isWord(text[at + 1])) return at;
  }
  return -1;
}

/** The construct that begins at `at`, with where it ends; undefined: an ordinary character. */
function construct(text, at) {
  const character = text[at];
  if (character === '\n') return { node: { type: 'break' }, end: at + 1 };
  if (character === '<') {
    const end = text.indexOf('>', at);
    return end > at + 1 ? { node: angle(text.slice(at + 1, end)), end: end + 1 } : undefined;
  }
  if (character === '`') {
    const end = text.indexOf('`', at + 1);
    const inner = text.slice(at + 1, end);
    if (end <= at + 1 || inner.includes('\n')) return undefined;
    return { node: { type: 'code', children: angles(inner) }, end: end + 1 };
  }
  if (character === ':') return emojiAt(text, at);
  if (character === 'h' && !isWord(text[at - 1])) return bareLink(text, at);
  if (styles[character] && !isWord(text[at - 1]) && !isSpace(text[at + 1])) {
    const end = closing(text, at);
    if (end < 0) return undefined;
    return { node: { type: styles[character], children: inline(text.slice(at + 1, end)) }, end: end + 1 };
  }
  return undefined;
}

/** An address as people paste it; what ends the sentence is not part of it. */
function bareLink(text, at) {
  const url = /^https?:\/\/[^\s<>]*[^\s<>.,:;!?'")\]*_~]/.exec(text.slice(at))?.[0];
  return url ? { node: { type: 'link', url: unescape(url), text: unescape(url) }, end: at + url.length } : undefined;
}

function emojiAt(text, at) {
  const name = /^:([\w+-]+(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 60))?.[1];
  const character = name && emojiFor(name);
  return character ? { node: { type: 'emoji', name, text: character }, end: at + name.length + 2 } : undefined;
}

function walk(text, find) {
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain) nodes.push({ type: 'text', text: unescape(plain) });
    plain = '';
  };
  for (let at = 0; at < text.length;) {
    const found = find(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const inline = (text) => walk(text, construct);

/** Inside code only links and mentions mean something. */
const angles = (text) => walk(text, (whole, at) => (whole[at] === '<' ? construct(whole, at) : undefined));

/** Lines that begin with ">" become quotes. */
function paragraphs(text) {
  const groups = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?/.exec(line);
    const type = quoted ? 'quote' : 'lines';
    const content = quoted ? line.slice(quoted[0].length) : line;
    if (groups.at(-1)?.type === type) groups.at(-1).lines.push(content);
    else groups.push({ type, lines: [content] });
  }
  return groups.flatMap(({ type, lines }) => {
    const children = inline(lines.join('\n'));
    return type === 'quote' ? [{ type, children }] : children;
  });
}

/**
 * @param {string} text
 * @returns {MrkdwnNode[]}
 */
export function parseMrkdwn(text) {
  return text.split('```').flatMap((part, index, parts) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) return [{ type: 'pre', children: angles(part.replace(/^\n|\n$/g, '')) }];
    if (index % 2 === 1) return paragraphs(`\`\`\`${part}`);
    // A block of code is a line of its own: the line breaks around it are not shown twice.
    const trimmed = part.replace(index > 0 ? /^\n/ : /^$/, '').replace(index < parts.length - 2 ? /\n$/ : /^$/, '');
    return trimmed === '' ? [] : paragraphs(trimmed);
  });
}

/** plain_text: emoji and line breaks, nothing else. @param {string} text @returns {MrkdwnNode[]} */
export const parsePlain = (text) =>
  walk(text, (whole, at) => (whole[at] === ':' || whole[at] === '\n' ? construct(whole, at) : undefined));
