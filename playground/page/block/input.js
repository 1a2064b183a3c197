/** An input block: label, element, hint, and the error that the app or Slack's own client put there. */
import { html } from '../text/html.js';
import { Text } from '../text/text.js';
import { Element } from './element.js';
import { useSurface } from './surface.js';

export function InputBlock({ block }) {
  const { errors, kind } = useSurface();
  const error = errors[block.block_id];
  const id = `${kind}-${block.block_id}`;
  const group = ['checkboxes', 'radio_buttons'].includes(block.element.type);
  const label = html`<${group ? 'div' : 'label'} class="input-label" id=${`${id}-label`} for=${group ? undefined : id}>
    <${Text} of=${block.label} />
    ${block.optional && html`<span class="optional"> (optional)</span>`}
  </${group ? 'div' : 'label'}>`;
  return html`<div class=${error ? 'input-block input-invalid' : 'input-block'}>
    ${label}
    <${Element} element=${block.element} block=${block} id=${id} labelId=${`${id}-label`} />
    ${error && html`<div class="input-error" id=${`${id}-error`} role="alert">${error}</div>`}
    ${block.hint && html`<div class="input-hint" id=${`${id}-hint`}><${Text} of=${block.hint} /></div>`}
  </div>`;
}
