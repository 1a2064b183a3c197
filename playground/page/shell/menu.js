/**
 * A button with a menu: message actions, shortcuts, the overflow element.
 *
 * @typedef {{ key: string, label: unknown, detail?: unknown, href?: string, danger?: boolean, heading?: boolean, pick?: () => unknown }} MenuItem
 */
import { useEffect } from 'preact/hooks';
import { html } from '../text/html.js';
import { usePopup } from './popup.js';

const choices = (panel) => [...(panel?.querySelectorAll('[role=menuitem]') ?? [])];

function moveFocus(panel, step) {
  const items = choices(panel);
  const at = items.indexOf(document.activeElement);
  items.at((at + step + items.length) % items.length)?.focus();
}

function Item({ item, close }) {
  if (item.heading) return html`<div class="menu-heading">${item.label}</div>`;
  const pick = () => {
    close();
    void item.pick?.();
  };
  const content = html`<span>${item.label}</span
    >${item.detail && html`<span class="menu-detail">${item.detail}</span>`}`;
  const shared = { role: 'menuitem', class: item.danger ? 'menu-item menu-danger' : 'menu-item', onClick: pick };
  return item.href
    ? html`<a ...${shared} href=${item.href} target="_blank" rel="noreferrer">${content}</a>`
    : html`<button ...${shared} type="button">${content}</button>`;
}

/** @param {{ label: string, items: MenuItem[], class?: string, alignRight?: boolean, openRef?: object }} props */
export function Menu({ label, items, class: className, alignRight = true, openRef, children }) {
  const popup = usePopup({ alignRight });
  if (openRef) openRef.current = popup.open;
  useEffect(() => {
    if (popup.isOpen) choices(popup.panel.current)[0]?.focus({ preventScroll: true });
  }, [popup.isOpen]);
  const close = () => {
    popup.close();
    popup.anchor.current?.focus();
  };
  const onKeyDown = (event) => {
    if (event.key === 'ArrowDown') moveFocus(popup.panel.current, 1);
    else if (event.key === 'ArrowUp') moveFocus(popup.panel.current, -1);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="menu-holder" data-open=${popup.isOpen ? 'true' : undefined}>
    <button
      type="button"
      class=${className}
      ref=${popup.anchor}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      aria-expanded=${popup.isOpen ? 'true' : 'false'}
      onClick=${popup.isOpen ? popup.close : popup.open}
    >
      ${children}
    </button>
    ${
      popup.isOpen &&
      html`<div class="popup menu" role="menu" aria-label=${label} ref=${popup.panel} onKeyDown=${onKeyDown}>
        ${items.map((item) => html`<${Item} key=${item.key} item=${item} close=${close} />`)}
      </div>`
    }
  </span>`;
}
