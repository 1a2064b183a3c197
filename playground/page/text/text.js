/** Draws Slack's text objects: mrkdwn and plain_text. Names and times are looked up here, so a renamed person is renamed everywhere. */
import { workspace } from '../state/connection.js';
import { openChannel, openThread } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { formatDate } from './dates.js';
import { html, memo } from './html.js';
import { parseMrkdwn, parsePlain } from './mrkdwn.js';
import { permalinkOf } from './permalink.js';

export const worldNow = () => Date.now() + workspace.get().aheadMs;

function UserMention({ id, label }) {
  const person = useStore(workspace, (state) => state.users[id]);
  const me = useStore(workspace, (state) => state.me.id === id);
  return html`<span class=${me ? 'mention mention-me' : 'mention'}>@${person?.realName ?? label ?? id}</span>`;
}

function ChannelMention({ id, label }) {
  const channel = useStore(workspace, (state) => state.channels.find((one) => one.id === id));
  return html`<button class="mention mention-channel" type="button" onClick=${() => channel && openChannel(id)}>
    #${channel?.name ?? label ?? id}
  </button>`;
}

function GroupMention({ id, label }) {
  const group = useStore(workspace, (state) => state.usergroups[id]);
  return html`<span class="mention">${group ? `@${group.handle}` : (label ?? `@${id}`)}</span>`;
}

function DateToken({ seconds, format, url, label }) {
  const text = Number.isFinite(seconds) ? formatDate(seconds, format, worldNow()) : (label ?? '');
  const title = new Date(seconds * 1000).toUTCString();
  if (url) return html`<a href=${url} target="_blank" rel="noreferrer" title=${title}>${text}</a>`;
  return html`<time datetime=${new Date(seconds * 1000).toISOString()} title=${title}>${text}</time>`;
}

/** A link to a message of this workspace opens it here, as in Slack; any other one opens a page of its own. */
function follow(event) {
  const message = permalinkOf(event.currentTarget.href, location.origin);
  if (!message) return;
  event.preventDefault();
  openThread(message.channel, message.ts);
}

const element = {
  text: (node) => node.text,
  break: () => html`<br />`,
  bold: (node) => html`<b>${nodes(node.children)}</b>`,
  italic: (node) => html`<i>${nodes(node.children)}</i>`,
  strike: (node) => html`<s>${nodes(node.children)}</s>`,
  code: (node) => html`<code>${nodes(node.children)}</code>`,
  pre: (node) => html`<pre>${nodes(node.children)}</pre>`,
  quote: (node) => html`<blockquote>${nodes(node.children)}</blockquote>`,
  emoji: (node) =>
    html`<span class="emoji" role="img" aria-label=${node.name.replaceAll('_', ' ')}>${node.text}</span>`,
  link: (node) => html`<a href=${node.url} target="_blank" rel="noreferrer" onClick=${follow}>${node.text}</a>`,
  user: (node) => html`<${UserMention} id=${node.id} label=${node.label} />`,
  channel: (node) => html`<${ChannelMention} id=${node.id} label=${node.label} />`,
  usergroup: (node) => html`<${GroupMention} id=${node.id} label=${node.label} />`,
  broadcast: (node) => html`<span class="mention mention-me">@${node.text}</span>`,
  date: (node) => html`<${DateToken} ...${node} />`,
};

/** @param {import('./mrkdwn.js').MrkdwnNode[]} list */
export const nodes = (list) => list.map((node) => element[node.type](node));

export const Mrkdwn = memo(({ text }) => html`<span class="mrkdwn">${nodes(parseMrkdwn(text))}</span>`);

/** A text object of Block Kit: `{ type: 'mrkdwn' | 'plain_text', text }`. */
export function Text({ of }) {
  if (!of) return null;
  return of.type === 'mrkdwn' ? html`<${Mrkdwn} text=${of.text} />` : html`<${Plain} text=${of.text} />`;
}

export const Plain = memo(({ text }) => html`<span>${nodes(parsePlain(text))}</span>`);

/** One line without markup, for previews. */
export function flatten(list) {
  return list
    .map((node) =>
      node.children ? flatten(node.children) : node.type === 'break' ? ' ' : (node.text ?? node.label ?? ''),
    )
    .join('');
}
