/** The left side: who one is, channels, the app. On a phone it is a screen of its own. */
import { act, connect, workspace } from '../state/connection.js';
import { layout, openChannel, openHomePlace } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
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
  const become = (user) => {
    popup.close();
    if (user.id !== me.id) connect(user.id);
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
            html`<${Person} key=${user.id} user=${user} isMe=${user.id === me.id} pick=${() => become(user)} />`,
        )}
      </div>`
    }
  </div>`;
}

const isDirect = (channel) => channel.id.startsWith('D');

function ChannelLink({ channel }) {
  const isHere = useStore(layout, (state) => state.place.kind === 'channel' && state.place.id === channel.id);
  const newest = useStore(workspace, (state) => state.timelines[channel.id]?.at(-1)?.ts);
  const seen = useStore(layout, (state) => state.seen[channel.id]);
  const isUnread = !isHere && newest !== undefined && seen !== undefined && Number(newest) > Number(seen);
  const className = `place${isHere ? ' place-here' : ''}${isUnread ? ' place-unread' : ''}`;
  return html`<button
    type="button"
    class=${className}
    aria-current=${isHere ? 'page' : undefined}
    onClick=${() => openChannel(channel.id)}
  >
    <span class="place-mark" aria-hidden="true">${isDirect(channel) ? '•' : '#'}</span>${channel.name}
    ${isUnread && html`<span class="visually-hidden"> (unread)</span>`}
  </button>`;
}

const Group = ({ name, children }) =>
  html`<div class="place-group" role="group" aria-label=${name}>
    <h3>${name}</h3>
    ${children}
  </div>`;

export async function openHome() {
  openHomePlace();
  await act({ action: 'open_home' });
}

export function Sidebar() {
  const channels = useStore(workspace, (state) => state.channels);
  const app = useStore(workspace, (state) => state.app);
  const isHome = useStore(layout, (state) => state.place.kind === 'home');
  const direct = channels.filter(isDirect);
  const link = (channel) => html`<${ChannelLink} key=${channel.id} channel=${channel} />`;
  return html`<nav class="sidebar" aria-label="Channels">
    <header class="sidebar-head"><b>Lomash Wood</b></header>
    <div class="sidebar-places">
      <${Group} name="Channels">${channels.filter((channel) => !isDirect(channel)).map(link)}<//>
      ${direct.length > 0 && html`<${Group} name="Direct messages">${direct.map(link)}<//>`}
      <${Group} name="Apps">
        <button
          type="button"
          class=${isHome ? 'place place-here' : 'place'}
          aria-current=${isHome ? 'page' : undefined}
          onClick=${openHome}
        >
          <${Avatar} user=${{ id: app.botUser, realName: app.name }} size="tiny" />
          ${app.name}
          <span
            class=${app.connected ? 'presence presence-on' : 'presence'}
            title=${app.connected ? 'connected' : 'not connected'}
          ></span>
        </button>
      <//>
    </div>
    <${PeopleSwitcher} />
  </nav>`;
}
