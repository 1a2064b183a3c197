/** The left side: who one is, channels, the app. On a phone it is a screen of its own. */
import { become, workspace } from '../state/connection.js';
import { layout, openApp, openChannel } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { isDirect, openHome } from './app-pane.js';
import { Avatar } from './avatar.js';
import { usePopup } from './popup.js';

function Person({ user, isMe, pick }) {
  return html`<button
    type="button"
    role="menuitemradio"
    aria-checked=${isMe ? 'true' : 'false'}
    class="person"
    onClick=${pick}
  >
    <${Avatar} user=${user} />
    <span class="person-text"><b>${user.realName}</b><span>${user.role}</span></span>
    <span class="person-check" aria-hidden="true">${isMe ? '✓' : ''}</span>
  </button>`;
}

/** "You are: Maya Chen — on-call engineer": opens the list of people to be. */
export function PeopleSwitcher() {
  const me = useStore(workspace, (state) => state.me);
  const users = useStore(workspace, (state) => state.users);
  const popup = usePopup();
  const people = Object.values(users).filter((user) => !user.isBot);
  const choose = (user) => {
    popup.close();
    if (user.id !== me.id) become(user.id);
  };
  const onKeyDown = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    popup.close();
    popup.anchor.current.focus();
  };
  return html`<div class="switcher" onKeyDown=${onKeyDown}>
    <button
      type="button"
      class="switcher-button"
      ref=${popup.anchor}
      aria-haspopup="menu"
      aria-expanded=${popup.isOpen ? 'true' : 'false'}
      aria-label=${`You are: ${me.realName}, ${me.role}. Be somebody else`}
      onClick=${popup.isOpen ? popup.close : popup.open}
    >
      <${Avatar} user=${me} />
      <span class="switcher-text"><span>You are:</span><b>${me.realName}</b><span>${me.role}</span></span>
      <span class="switcher-arrow" aria-hidden="true">⌄</span>
    </button>
    ${
      popup.isOpen &&
      html`<div class="popup people" role="menu" aria-label="Be somebody else" ref=${popup.panel}>
        ${people.map(
          (user) =>
            html`<${Person} key=${user.id} user=${user} isMe=${user.id === me.id} pick=${() => choose(user)} />`,
        )}
      </div>`
    }
  </div>`;
}

/** Is there something newer than what was seen? What was there at the beginning counts as seen. */
function useUnread(id, isHere) {
  const newest = useStore(workspace, (state) => state.timelines[id]?.at(-1)?.ts);
  const seen = useStore(layout, (state) => state.seen[id]);
  return !isHere && newest !== undefined && seen !== undefined && Number(newest) > Number(seen);
}

function PlaceLink({ isHere, isUnread, open, children }) {
  const className = `place${isHere ? ' place-here' : ''}${isUnread ? ' place-unread' : ''}`;
  return html`<button type="button" class=${className} aria-current=${isHere ? 'page' : undefined} onClick=${open}>
    ${children} ${isUnread && html`<span class="visually-hidden"> (unread)</span>`}
  </button>`;
}

function ChannelLink({ channel }) {
  const isHere = useStore(layout, (state) => state.place.kind === 'channel' && state.place.id === channel.id);
  const isUnread = useUnread(channel.id, isHere);
  return html`<${PlaceLink} isHere=${isHere} isUnread=${isUnread} open=${() => openChannel(channel.id)}>
    <span class="place-mark" aria-hidden="true">#</span>${channel.name}
  <//>`;
}

function AppLink() {
  const app = useStore(workspace, (state) => state.app);
  const direct = useStore(workspace, (state) => state.channels.find(isDirect)?.id);
  const isHere = useStore(layout, (state) => state.place.kind === 'app');
  const isUnread = useUnread(direct, isHere);
  return html`<${PlaceLink}
    isHere=${isHere}
    isUnread=${isUnread}
    open=${() => (isUnread ? openApp('messages') : openHome())}
  >
    <${Avatar} user=${{ id: app.botUser, realName: app.name }} size="tiny" />
    ${app.name}
    <span
      class=${app.connected ? 'presence presence-on' : 'presence'}
      title=${app.connected ? 'connected' : 'not connected'}
    ></span>
  <//>`;
}

const Group = ({ name, children }) =>
  html`<div class="place-group" role="group" aria-label=${name}>
    <h3>${name}</h3>
    ${children}
  </div>`;

export function Sidebar() {
  const channels = useStore(workspace, (state) => state.channels);
  return html`<nav class="sidebar" aria-label="Channels">
    <header class="sidebar-head"><b>Lomash Wood</b></header>
    <div class="sidebar-places">
      <${Group} name="Channels">
        ${channels
          .filter((channel) => !isDirect(channel))
          .map((channel) => html`<${ChannelLink} key=${channel.id} channel=${channel} />`)}
      <//>
      <${Group} name="Apps"><${AppLink} /><//>
    </div>
    <${PeopleSwitcher} />
  </nav>`;
}
