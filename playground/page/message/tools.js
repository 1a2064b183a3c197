/** What can be done with a message: react, reply in its thread, the app's message shortcuts, delete. On touch: a long press, or "…". */
import { useRef } from 'preact/hooks';
import { askFirst } from '../block/confirm.js';
import { act, workspace } from '../state/connection.js';
import { openThread } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { isReply } from '../state/workspace.js';
import { Menu } from '../shell/menu.js';
import { emojiFor, quickReactions } from '../text/emoji.js';
import { html } from '../text/html.js';

const longPressMs = 500;

/** Opens the message's menu after a finger has rested on it. */
export function useLongPress() {
  const openRef = useRef(null);
  const waiting = useRef(0);
  const stop = () => clearTimeout(waiting.current);
  const onPointerDown = (event) => {
    if (event.pointerType !== 'touch') return;
    stop();
    waiting.current = setTimeout(() => openRef.current?.(), longPressMs);
  };
  const handlers = { onPointerDown, onPointerUp: stop, onPointerMove: stop, onPointerCancel: stop };
  return { openRef, handlers };
}

const deleteQuestion = {
  title: { type: 'plain_text', text: 'Delete message' },
  text: { type: 'plain_text', text: 'Are you sure you want to delete this message? This cannot be undone.' },
  confirm: { type: 'plain_text', text: 'Delete' },
  style: 'danger',
};

function itemsFor(message, shortcuts, app, inThread) {
  const on = { channel: message.channel, ts: message.ts };
  const mine = shortcuts.filter((shortcut) => shortcut.type === 'message');
  return [
    ...(mine.length > 0 ? [{ key: 'app', heading: true, label: app.name }] : []),
    ...mine.map((shortcut) => ({
      key: shortcut.callbackId,
      label: shortcut.name,
      detail: shortcut.description,
      pick: () => act({ action: 'message_shortcut', callbackId: shortcut.callbackId, ...on }),
    })),
    { key: 'message', heading: true, label: 'Message' },
    ...(inThread ? [] : [{ key: 'reply', label: 'Reply in thread', pick: () => openReplies(message) }]),
    ...quickReactions.map((name) => ({
      key: name,
      label: html`React with <span class="emoji">${emojiFor(name)}</span>`,
      pick: () => act({ action: 'react', ...on, name }),
    })),
    {
      key: 'delete',
      label: 'Delete message…',
      danger: true,
      pick: async () => {
        if (await askFirst(deleteQuestion)) await act({ action: 'delete', ...on });
      },
    },
  ];
}

const openReplies = (message) => openThread(message.channel, isReply(message) ? message.threadTs : message.ts);

export function MessageTools({ message, inThread, openRef }) {
  const shortcuts = useStore(workspace, (state) => state.shortcuts);
  const app = useStore(workspace, (state) => state.app);
  return html`<div class="message-tools" role="group" aria-label="Message actions">
    ${quickReactions.map(
      (name) =>
        html`<button
          key=${name}
          type="button"
          class="tool tool-wide-only"
          title=${`React with ${name.replaceAll('_', ' ')}`}
          onClick=${() => act({ action: 'react', channel: message.channel, ts: message.ts, name })}
        >
          ${emojiFor(name)}
        </button>`,
    )}
    ${
      !inThread &&
      html`<button
        type="button"
        class="tool tool-wide-only"
        aria-label="Reply in thread"
        title="Reply in thread"
        onClick=${() => openReplies(message)}
      >
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M3 4h14v10H9l-4 3v-3H3zM6 7.5h8M6 10.5h5" />
        </svg>
      </button>`
    }
    <${Menu} label="More actions" class="tool" items=${itemsFor(message, shortcuts, app, inThread)} openRef=${openRef}>
      <svg class="icon icon-dots" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="4" r="1.6" />
        <circle cx="10" cy="10" r="1.6" />
        <circle cx="10" cy="16" r="1.6" />
      </svg>
    <//>
  </div>`;
}
