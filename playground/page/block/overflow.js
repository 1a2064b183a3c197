/** The "…" menu of Block Kit. */
import { Menu } from '../shell/menu.js';
import { html } from '../text/html.js';
import { Text } from '../text/text.js';
import { askFirst } from './confirm.js';
import { useSurface } from './surface.js';

export function Overflow({ element, block }) {
  const surface = useSurface();
  const items = element.options.map((option) => ({
    key: option.value,
    label: html`<${Text} of=${option.text} />`,
    detail: option.description && html`<${Text} of=${option.description} />`,
    href: option.url,
    pick: async () => {
      if (await askFirst(element.confirm)) await surface.dispatch(element, block.block_id, option);
    },
  }));
  return html`<${Menu} label="More options" class="button overflow-button" items=${items}>…<//>`;
}
