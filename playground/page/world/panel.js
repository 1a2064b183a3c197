/** The panel beside Slack: the steps for a newcomer, the services, and what can be broken. A thin bar when collapsed, a tab on a phone. */
import { useState } from 'preact/hooks';
import { layout, toggleWorld } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { clockTime } from '../text/dates.js';
import { html } from '../text/html.js';
import { DeployButtons, Faults } from './breaking.js';
import { practised } from './progress.js';
import { Services } from './services.js';
import { Steps } from './steps.js';
import { world } from './world.js';

function Panel({ view }) {
  const [picked, pick] = useState(practised);
  const names = view.services.map((service) => service.name);
  const isSkipped = Math.abs(view.now - Date.now()) > 60_000;
  return html`<div class="world-body">
    <${Steps} />
    <section aria-label="Services">
      <h3>Services <span class="world-clock">${isSkipped ? `world time ${clockTime(view.now)}` : ''}</span></h3>
      <${Services} services=${view.services} picked=${picked} pick=${pick} />
    </section>
    <section aria-label="Break something">
      <h3>Break something</h3>
      <${DeployButtons} service=${picked} names=${names} pick=${pick} />
      <${Faults} view=${view} />
    </section>
  </div>`;
}

export function WorldPanel() {
  const view = useStore(world);
  const isOpen = useStore(layout, (state) => state.worldOpen);
  if (!view) return null;
  return html`<aside class="world" aria-label="The world">
    <header class="world-head">
      <button
        type="button"
        class="icon-button wide-only"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-label=${isOpen ? 'Collapse the world panel' : 'Open the world panel'}
        onClick=${toggleWorld}
      >
        ${isOpen ? '»' : '«'}
      </button>
      <h2>The world <span class="pane-subtitle">not part of Slack</span></h2>
    </header>
    <${Panel} view=${view} />
  </aside>`;
}
