/** The app's own place: the Home that it published for this person, and its direct messages. */
import { useEffect } from 'preact/hooks';
import { Blocks } from '../block/blocks.js';
import { SurfaceProvider, useSurfaceOf } from '../block/surface.js';
import { MessageList } from '../message/list.js';
import { act, workspace } from '../state/connection.js';
import { layout, markSeen, openApp } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { Avatar } from './avatar.js';
import { BackToList } from './channel.js';

const nothing = [];

/** The conversation between the app and this person. */
export const isDirect = (channel) => channel.id.startsWith('D');

/** Opens Home; the app hears of it and may publish. */
export async function openHome() {
  openApp('home');
  await act({ action: 'open_home' });
}

function Home({ app }) {
  const home = useStore(workspace, (state) => state.home);
  const surface = useSurfaceOf('home', { home: true }, home?.blocks ?? nothing);
  const empty = app.connected ? 'It has nothing to show yet.' : 'The app is not connected.';
  return html`<div class="home-body" role="tabpanel" tabindex="0">
    ${
      home
        ? html`<${SurfaceProvider} value=${surface}><${Blocks} blocks=${home.blocks} /><//>`
        : html`<p class="home-empty">This is ${app.name}’s Home. ${empty}</p>`
    }
  </div>`;
}

function DirectMessages({ app }) {
  const id = useStore(workspace, (state) => state.channels.find(isDirect)?.id);
  const messages = useStore(workspace, (state) => state.timelines[id]) ?? nothing;
  const newest = messages.at(-1)?.ts ?? '0';
  useEffect(() => markSeen(id, newest), [id, newest]);
  return html`<${MessageList} name=${`Messages from ${app.name}`} listKey=${id} messages=${messages} />
    <p class="messages-off">Sending messages to this app has been turned off.</p>`;
}

export function AppPane() {
  const app = useStore(workspace, (state) => state.app);
  const tab = useStore(layout, (state) => state.place.tab);
  const tabButton = (name, label, open) =>
    html`<button type="button" role="tab" aria-selected=${tab === name ? 'true' : 'false'} onClick=${open}>
      ${label}
    </button>`;
  return html`<section class="main-pane" aria-label=${app.name}>
    <header class="pane-header">
      <${BackToList} />
      <${Avatar} user=${{ id: app.botUser, realName: app.name }} size="small" />
      <h2>${app.name}</h2>
      <span class="app-badge">APP</span>
    </header>
    <div class="home-tabs" role="tablist">
      ${tabButton('home', 'Home', openHome)} ${tabButton('messages', 'Messages', () => openApp('messages'))}
    </div>
    ${tab === 'home' ? html`<${Home} app=${app} />` : html`<${DirectMessages} app=${app} />`}
  </section>`;
}
