/** The confirm dialog: one at a time, asked from anywhere, drawn once over everything of Slack. */
import { useEffect, useRef } from 'preact/hooks';
import { createStore, useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { Text } from '../text/text.js';

const asked = createStore(undefined);

/**
 * @param {object | undefined} confirm Block Kit's confirm object; without one the answer is yes
 * @returns {Promise<boolean>}
 */
export function askFirst(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    asked.set({
      confirm,
      answer: (yes) => {
        asked.set(undefined);
        resolve(yes);
      },
    });
  });
}

const plain = (text) => ({ type: 'plain_text', text });

export function ConfirmDialog() {
  const question = useStore(asked);
  const deny = useRef(null);
  useEffect(() => {
    if (!question) return undefined;
    const before = document.activeElement;
    deny.current?.focus();
    return () => before?.focus?.();
  }, [question]);
  if (!question) return null;
  const { confirm, answer } = question;
  const onKeyDown = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    answer(false);
  };
  return html`<div class="overlay overlay-confirm" onKeyDown=${onKeyDown}>
    <div
      class="dialog confirm"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
    >
      <h2 id="confirm-title"><${Text} of=${confirm.title ?? plain('Are you sure?')} /></h2>
      <p id="confirm-text"><${Text} of=${confirm.text} /></p>
      <div class="dialog-buttons">
        <button class="button" type="button" ref=${deny} onClick=${() => answer(false)}>
          <${Text} of=${confirm.deny ?? plain('Cancel')} />
        </button>
        <button
          class=${confirm.style === 'danger' ? 'button button-danger' : 'button button-primary'}
          type="button"
          onClick=${() => answer(true)}
        >
          <${Text} of=${confirm.confirm ?? plain('Confirm')} />
        </button>
      </div>
    </div>
  </div>`;
}
