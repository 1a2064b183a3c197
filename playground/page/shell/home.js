/** App Home: what the app published for this person. */
import { Blocks } from '../block/blocks.js';
import { SurfaceProvider, useSurfaceOf } from '../block/surface.js';
import { workspace } from '../state/connection.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { Avatar } from './avatar.js';
import { BackToList } from './channel.js';

const noBlocks = [];

export function HomePane() {
  const app = useStore(workspace, (state) => state.app);
  const home = useStore(workspace, (state) => state.home);
  const surface = useSurfaceOf('home', { home: true }, home?.blocks ?? noBlocks);
  return html`<section class="main-pane" aria-label=${`${app.name} Home`}>
    <header class="pane-header">
      <${BackToList} />
      <${Avatar} user=${{ id: app.botUser, realName: app.name }} size="small" />
      <h2>${app.name}</h2>
      <span class="app-badge">APP</span>
    </header>
    <div class="home-tabs" role="tablist"><button type="button" role="tab" aria-selected="true">Home</button></div>
    <div class="home-body" tabindex="0">
      ${
        home
          ? html`<${SurfaceProvider} value=${surface}><${Blocks} blocks=${home.blocks} /><//>`
          : html`<p class="home-empty">
              This is ${app.name}’s Home. ${app.connected ? 'It has nothing to show yet.' : 'The app is not connected.'}
            </p>`
      }
    </div>
  </section>`;
}
