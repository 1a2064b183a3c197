/**
 * The playground's page: Slack as people know it, and beside it the world that Slack's app works on. It may assume the two servers of
 * playground/ under its own address (client-protocol.ts, world-protocol.ts). It loads nothing from elsewhere and has no build step: what
 * stands here is what the browser runs. It never speaks to the bot; only the emulated Slack does.
 */
import { render } from 'preact';
import { ConfirmDialog } from './block/confirm.js';
import { ThreadPanel } from './message/thread.js';
import { Modals } from './modal/modals.js';
import { ChannelPane } from './shell/channel.js';
import { AppPane } from './shell/app-pane.js';
import { Sidebar } from './shell/sidebar.js';
import { Tabs } from './shell/tabs.js';
import { connect, online, workspace } from './state/connection.js';
import { layout } from './state/layout.js';
import { useStore } from './state/store.js';
import { html } from './text/html.js';
import { WorldPanel } from './world/panel.js';
import { connectWorld } from './world/world.js';

function Notices() {
  const isOnline = useStore(online);
  const toast = useStore(layout, (state) => state.toast);
  return html`<div class="notices" role="status">
    ${!isOnline && html`<div class="notice notice-warning">Trying to reconnect… The playground does not answer.</div>`}
    ${toast && html`<div class="notice" key=${toast.id}>${toast.text}</div>`}
  </div>`;
}

function Slack() {
  const hasModal = useStore(workspace, (state) => state.views.length > 0);
  const isApp = useStore(layout, (state) => state.place.kind === 'app');
  const pane = useStore(layout, (state) => state.pane);
  const hasThread = useStore(layout, (state) => state.thread !== undefined);
  return html`<div class=${`slack show-${pane}${hasThread ? ' has-thread' : ''}`}>
    <div class="slack-panes" inert=${hasModal}>
      <${Sidebar} />
      ${isApp ? html`<${AppPane} />` : html`<${ChannelPane} />`}
      <${ThreadPanel} />
    </div>
    <${Modals} />
    <${ConfirmDialog} />
  </div>`;
}

function Page() {
  const ready = useStore(workspace, (state) => state.ready);
  const tab = useStore(layout, (state) => state.tab);
  const worldOpen = useStore(layout, (state) => state.worldOpen);
  if (!ready)
    return html`<${Notices} />
      <p class="loading">Opening the workspace…</p>`;
  return html`<div class=${`page tab-${tab}${worldOpen ? ' world-open' : ''}`}>
    <${Slack} />
    <${WorldPanel} />
    <${Tabs} />
    <${Notices} />
  </div>`;
}

connect();
connectWorld();
render(html`<${Page} />`, document.getElementById('page'));
