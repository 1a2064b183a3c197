/** The bottom bar of a phone: Slack, or the world beside it. */
import { layout, showTab } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { useProgress } from '../world/progress.js';

export function Tabs() {
  const tab = useStore(layout, (state) => state.tab);
  const { current } = useProgress();
  const choice = (name, label) =>
    html`<button
      type="button"
      role="tab"
      aria-selected=${tab === name ? 'true' : 'false'}
      onClick=${() => showTab(name)}
    >
      ${label}
    </button>`;
  return html`<div class="tabs" role="tablist" aria-label="Playground">
    ${choice('slack', 'Slack')} ${choice('world', current ? `World · step ${current} of 3` : 'World')}
  </div>`;
}
