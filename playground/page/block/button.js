/** A button of Block Kit, with its confirm dialog. While Slack waits for the app it can not be pressed again. */
import { useState } from 'preact/hooks';
import { html } from '../text/html.js';
import { Text } from '../text/text.js';
import { askFirst } from './confirm.js';
import { useSurface } from './surface.js';

const styleClass = { primary: 'button button-primary', danger: 'button button-danger' };

export function Button({ element, block }) {
  const surface = useSurface();
  const [busy, setBusy] = useState(false);
  const press = async () => {
    if (!(await askFirst(element.confirm))) return;
    setBusy(true);
    await surface.dispatch(element, block.block_id);
    setBusy(false);
  };
  const shared = {
    class: `${styleClass[element.style] ?? 'button'}${busy ? ' button-busy' : ''}`,
    'aria-label': element.accessibility_label,
    'data-action-id': element.action_id,
  };
  if (element.url) {
    return html`<a ...${shared} href=${element.url} target="_blank" rel="noreferrer" onClick=${press}>
      <${Text} of=${element.text} />
    </a>`;
  }
  return html`<button ...${shared} type="button" disabled=${busy} onClick=${press}>
    <${Text} of=${element.text} />
  </button>`;
}
