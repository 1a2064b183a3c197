/** Files of a message: pictures are shown, text opens in place, everything can be downloaded. */
import { useState } from 'preact/hooks';
import { html } from '../text/html.js';

const sizes = ['B', 'kB', 'MB'];

export function sizeText(bytes) {
  const step = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Math.round((bytes / 1000 ** step) * 10) / 10} ${sizes[step]}`;
}

const isText = (file) => file.mimetype.startsWith('text/') || file.mimetype === 'application/json';

function TextPreview({ file }) {
  const [text, setText] = useState(undefined);
  const toggle = async () => {
    if (text !== undefined) return setText(undefined);
    const response = await fetch(file.url).catch(() => undefined);
    return setText(response?.ok ? await response.text() : 'This file could not be read.');
  };
  return html`<button
      type="button"
      class="link"
      aria-expanded=${text === undefined ? 'false' : 'true'}
      onClick=${toggle}
    >
      ${text === undefined ? 'View' : 'Hide'}
    </button>
    ${text !== undefined && html`<pre class="file-preview">${text}</pre>`}`;
}

function File({ file }) {
  if (file.mimetype.startsWith('image/')) {
    return html`<figure class="image-block">
      <figcaption>${file.title || file.name}</figcaption>
      <a href=${file.url} target="_blank"><img src=${file.url} alt=${file.title || file.name} loading="lazy" /></a>
    </figure>`;
  }
  return html`<div class="file">
    <svg class="file-icon" viewBox="0 0 24 32" aria-hidden="true">
      <path d="M2 2h13l7 7v21H2zM15 2v7h7M6 16h12M6 21h12M6 26h8" />
    </svg>
    <div class="file-main">
      <div class="file-name">${file.title || file.name}</div>
      <div class="file-facts">
        ${file.name} · ${sizeText(file.size)} · <a href=${file.url} download=${file.name}>Download</a>
        ${isText(file) && html`${' · '}<${TextPreview} file=${file} />`}
      </div>
    </div>
  </div>`;
}

export const Files = ({ files }) =>
  html`<div class="files">${files.map((file) => html`<${File} key=${file.id} file=${file} />`)}</div>`;
