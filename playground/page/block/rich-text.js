/** The rich_text block: what people type in Slack's own composer, and what apps send for lists. */
import { emojiFor } from '../text/emoji.js';
import { html } from '../text/html.js';
import { nodes } from '../text/text.js';

const leaf = {
  text: (part) => ({ type: 'text', text: part.text }),
  link: (part) => ({ type: 'link', url: part.url, text: part.text ?? part.url }),
  user: (part) => ({ type: 'user', id: part.user_id }),
  channel: (part) => ({ type: 'channel', id: part.channel_id }),
  usergroup: (part) => ({ type: 'usergroup', id: part.usergroup_id }),
  broadcast: (part) => ({ type: 'broadcast', text: part.range }),
  date: (part) => ({ type: 'date', seconds: part.timestamp, format: part.format, url: part.url, label: part.fallback }),
  emoji: (part) => ({ type: 'emoji', name: part.name, text: emojiFor(part.name) ?? `:${part.name}:` }),
};

/** A part with its styles around it. */
function inline(part) {
  const text = leaf[part.type]?.(part) ?? { type: 'text', text: '' };
  const pieces = text.type === 'text' ? lines(text.text) : [text];
  const wrappers = ['code', 'strike', 'italic', 'bold'].filter((name) => part.style?.[name]);
  return wrappers.reduce((children, type) => [{ type, children }], pieces);
}

const lines = (text) =>
  text.split('\n').flatMap((line, index) => [...(index > 0 ? [{ type: 'break' }] : []), { type: 'text', text: line }]);

const content = (element) => nodes(element.elements.flatMap(inline));

const containers = {
  rich_text_section: (element) => html`<div>${content(element)}</div>`,
  rich_text_preformatted: (element) => html`<pre>${content(element)}</pre>`,
  rich_text_quote: (element) => html`<blockquote>${content(element)}</blockquote>`,
  rich_text_list: (element) => {
    const items = element.elements.map((item) => html`<li>${content(item)}</li>`);
    const indent = `list-indent-${Math.min(element.indent ?? 0, 3)}`;
    return element.style === 'ordered'
      ? html`<ol class=${indent} start=${(element.offset ?? 0) + 1}>
          ${items}
        </ol>`
      : html`<ul class=${indent}>
          ${items}
        </ul>`;
  },
};

export const RichText = ({ block }) =>
  html`<div class="section rich-text">${block.elements.map((element) => containers[element.type]?.(element))}</div>`;
