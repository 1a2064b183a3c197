/** The middle: a channel with its messages and composer, or the app's Home. */
import { useEffect } from 'preact/hooks';
import { workspace } from '../state/connection.js';
import { layout, markSeen, showPane } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { Composer } from '../message/composer.js';
import { MessageList } from '../message/list.js';
import { html } from '../text/html.js';
import { Mrkdwn } from '../text/text.js';

const noMessages = [];

export const BackToList = () =>
  html`<button class="icon-button back" type="button" aria-label="Back to channels" onClick=${() => showPane('list')}>
    ‹
  </button>`;

const Intro = ({ channel }) =>
  html`<div class="list-intro">
    <h3># ${channel.name}</h3>
    <p>This is the very beginning of the <b>#${channel.name}</b> channel.</p>
  </div>`;

export function ChannelPane() {
  const id = useStore(layout, (state) => state.place.id);
  const channel = useStore(workspace, (state) => state.channels.find((one) => one.id === id));
  const messages = useStore(workspace, (state) => state.timelines[id]) ?? noMessages;
  const newest = messages.at(-1)?.ts ?? '0';
  useEffect(() => markSeen(id, newest), [id, newest]);
  if (!channel) return html`<section class="main-pane" aria-label="Channel"></section>`;
  const name = `#${channel.name}`;
  return html`<section class="main-pane" aria-label=${`Channel ${channel.name}`}>
    <header class="pane-header">
      <${BackToList} />
      <h2>${name}</h2>
      <span class="pane-topic"><${Mrkdwn} text=${channel.topic} /></span>
      ${!channel.appIsMember && html`<span class="pane-note">the app is not in this channel</span>`}
    </header>
    <${MessageList}
      name=${`Messages in ${name}`}
      listKey=${id}
      messages=${messages}
      intro=${html`<${Intro} channel=${channel} />`}
    />
    <${Composer} key=${id} channel=${id} placeholder=${`Message ${name}`} isMain=${true} />
  </section>`;
}
