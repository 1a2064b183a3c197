/**
 * Block Kit drawn as Slack draws it, on every surface. It may assume blocks that the emulated Slack has let through; a block it does not
 * know is named on the page instead of vanishing. It never talks to the app: see surface.js.
 */
import { html } from '../text/html.js';
import { Mrkdwn, Text } from '../text/text.js';
import { Element } from './element.js';
import { InputBlock } from './input.js';
import { RichText } from './rich-text.js';
import { TableBlock } from './table.js';

function Section({ block }) {
  const text = block.text && html`<div class="section-text"><${Text} of=${block.text} /></div>`;
  const fields =
    block.fields &&
    html`<div class="fields">
      ${block.fields.map((field) => html`<div class="field"><${Text} of=${field} /></div>`)}
    </div>`;
  // Checkboxes and radio buttons stand below the text, everything else at its right.
  const wide = ['checkboxes', 'radio_buttons'].includes(block.accessory?.type);
  return html`<div class=${wide ? 'section section-wide' : 'section'}>
    <div class="section-main">${text}${fields}</div>
    ${block.accessory && html`<div class="accessory"><${Element} element=${block.accessory} block=${block} /></div>`}
  </div>`;
}

const Context = ({ block }) =>
  html`<div class="context">
    ${block.elements.map((element) =>
      element.type === 'image'
        ? html`<img class="context-image" src=${element.image_url} alt=${element.alt_text} />`
        : html`<span class="context-text"><${Text} of=${element} /></span>`,
    )}
  </div>`;

const Actions = ({ block }) =>
  html`<div class="actions">
    ${block.elements.map((element) => html`<${Element} key=${element.action_id} element=${element} block=${block} />`)}
  </div>`;

const ImageBlock = ({ block }) =>
  html`<figure class="image-block">
    ${block.title && html`<figcaption><${Text} of=${block.title} /></figcaption>`}
    <img src=${block.image_url ?? block.slack_file?.url} alt=${block.alt_text} loading="lazy" />
  </figure>`;

const Alert = ({ block }) =>
  html`<div class=${`alert alert-${block.level ?? 'default'}`} role="note"><${Text} of=${block.text} /></div>`;

const Unknown = ({ block }) => html`<div class="unknown-block">This page cannot show a "${block.type}" block.</div>`;

const drawn = {
  section: Section,
  context: Context,
  actions: Actions,
  input: InputBlock,
  image: ImageBlock,
  alert: Alert,
  table: TableBlock,
  rich_text: RichText,
  divider: () => html`<hr class="block-divider" />`,
  header: ({ block }) =>
    html`<div class="header-block" role="heading" aria-level="3"><${Text} of=${block.text} /></div>`,
  markdown: ({ block }) => html`<div class="section"><${Mrkdwn} text=${block.text} /></div>`,
};

/** @param {{ blocks: object[] }} props */
export const Blocks = ({ blocks }) =>
  html`<div class="blocks">
    ${blocks.map((block, index) => {
      const Block = drawn[block.type] ?? Unknown;
      return html`<${Block} key=${block.block_id ?? index} block=${block} />`;
    })}
  </div>`;
