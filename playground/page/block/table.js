/** The table block of messages. */
import { html } from '../text/html.js';
import { RichText } from './rich-text.js';

const cell = (one) => (one.type === 'rich_text' ? html`<${RichText} block=${one} />` : String(one.text ?? ''));

export function TableBlock({ block }) {
  const alignment = (column) => `align-${block.column_settings?.[column]?.align ?? 'left'}`;
  const row = (cells, Tag) =>
    html`<tr>
      ${cells.map((one, column) => html`<${Tag} class=${alignment(column)}>${cell(one)}</${Tag}>`)}
    </tr>`;
  const [head, ...rest] = block.rows;
  return html`<div class="table-block">
    <table>
      <thead>
        ${row(head, 'th')}
      </thead>
      <tbody>
        ${rest.map((cells) => row(cells, 'td'))}
      </tbody>
    </table>
  </div>`;
}
