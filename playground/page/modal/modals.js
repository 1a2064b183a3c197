/**
 * The modal stack. Every view of the stack stays mounted, only the top one is shown, so that going back finds what was typed. It covers
 * Slack but not the world panel beside it: the world goes on while a form is open.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { missingFields } from '../block/state.js';
import { Blocks } from '../block/blocks.js';
import { SurfaceProvider, useSurfaceOf } from '../block/surface.js';
import { act, clearErrors, workspace } from '../state/connection.js';
import { useStore } from '../state/store.js';
import { Avatar } from '../shell/avatar.js';
import { html } from '../text/html.js';
import { Text } from '../text/text.js';

const trouble = 'We had some trouble connecting. Try again?';
const noFields = {};

/** Sends the form and holds it still until Slack has answered. */
function useSubmit(open, surface, setMissing) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const missing = missingFields(open.view.blocks, surface.state);
    setMissing(missing);
    if (Object.keys(missing).length > 0) return;
    clearErrors();
    setFailed(false);
    setBusy(true);
    const answer = await act({ action: 'submit', viewId: open.id, state: surface.state });
    setFailed(answer.ok === false && answer.error !== 'view_errors');
    setBusy(false);
  };
  return { busy, failed, submit };
}

function Footer({ view, busy, close }) {
  if (!view.submit && !view.close) return null;
  return html`<footer class="modal-footer">
    <button class="button" type="button" onClick=${close}>
      ${view.close ? html`<${Text} of=${view.close} />` : 'Cancel'}
    </button>
    ${
      view.submit &&
      html`<button
        class=${busy ? 'button button-primary button-busy' : 'button button-primary'}
        type="submit"
        disabled=${busy}
      >
        <${Text} of=${view.submit} />
      </button>`
    }
  </footer>`;
}

/** Puts the cursor where the person goes on: the first field of a new view, the first error of a refused one. */
function useFocus(dialog, isTop, { id: viewId, view }, told, missing) {
  useEffect(() => {
    if (!isTop) return;
    const first = dialog.current?.querySelector(
      '.modal-body input:not([type=radio]):not([role]), .modal-body textarea',
    );
    (first ?? dialog.current)?.focus({ preventScroll: true });
  }, [isTop, viewId]);
  useEffect(() => {
    // The app replaced what had the focus: keys still belong to the view.
    if (isTop && document.activeElement === document.body) dialog.current?.focus({ preventScroll: true });
  }, [view]);
  useEffect(() => {
    if (isTop) dialog.current?.querySelector('.input-invalid')?.scrollIntoView({ block: 'center' });
  }, [told, missing]);
}

/** The world beside it can be clicked while a view is open; Escape still belongs to the view. */
function useEscape(isTop, close) {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isTop) return undefined;
    const onKeyDown = (event) => event.key === 'Escape' && !event.defaultPrevented && latest.current();
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isTop]);
}

function Modal({ open, isTop, depth }) {
  const { view } = open;
  const app = useStore(workspace, (state) => state.app);
  const told = useStore(workspace, (state) => (state.errors?.viewId === open.id ? state.errors.fields : noFields));
  const [missing, setMissing] = useState(noFields);
  const errors = { ...missing, ...told };
  const surface = useSurfaceOf('modal', { viewId: open.id }, view.blocks, errors);
  const { busy, failed, submit } = useSubmit(open, surface, setMissing);
  const dialog = useRef(null);
  useFocus(dialog, isTop, open, told, missing);
  const close = (all) => act({ action: 'close', viewId: open.id, ...(all ? { all } : {}) });
  useEscape(isTop, () => void close(depth > 0));
  const onKeyDown = (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      void close(depth > 0);
    } else if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && view.submit) void submit(event);
  };
  return html`<form
    class="dialog modal"
    role="dialog"
    aria-modal="true"
    aria-labelledby=${`title-${open.id}`}
    data-view-id=${open.id}
    tabindex="-1"
    novalidate
    hidden=${!isTop}
    ref=${dialog}
    onSubmit=${view.submit ? submit : (event) => event.preventDefault()}
    onKeyDown=${onKeyDown}
  >
    <header class="modal-header">
      ${depth > 0 && html`<button class="icon-button" type="button" aria-label="Back" onClick=${() => close(false)}>‹</button>`}
      <${Avatar} user=${{ id: app.botUser, realName: app.name, isBot: true }} size="small" />
      <h2 id=${`title-${open.id}`}><${Text} of=${view.title} /></h2>
      <button class="icon-button" type="button" aria-label="Close" onClick=${() => close(depth > 0)}>×</button>
    </header>
    <div class="modal-body">
      ${failed && html`<div class="modal-trouble" role="alert">${trouble}</div>`}
      <${SurfaceProvider} value=${surface}><${Blocks} blocks=${view.blocks} /><//>
    </div>
    <${Footer} view=${view} busy=${busy} close=${() => close(view.clear_on_close === true)} />
  </form>`;
}

export function Modals() {
  const views = useStore(workspace, (state) => state.views);
  const before = useRef(null);
  const isOpen = views.length > 0;
  useEffect(() => {
    if (!isOpen) return undefined;
    before.current = document.activeElement;
    return () => before.current?.focus?.();
  }, [isOpen]);
  if (!isOpen) return null;
  return html`<div class="overlay">
    ${views.map(
      (open, depth) =>
        html`<${Modal} key=${open.id} open=${open} depth=${depth} isTop=${depth === views.length - 1} />`,
    )}
  </div>`;
}
