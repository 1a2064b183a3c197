/**
 * Where a person types. "/" lists the app's slash commands with their hints; Enter sends, Shift+Enter is a new line; "+" lists the app's
 * global shortcuts. In a thread a slash command does not run, as in Slack: the emulated Slack says so.
 */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { act, workspace } from '../state/connection.js';
import { createStore, useStore } from '../state/store.js';
import { Menu } from '../shell/menu.js';
import { html } from '../text/html.js';
import { begun, matching } from './completion.js';

/** Text that somebody else (the guide's "Type it for me") wants in the main composer. */
export const wantedText = createStore('');

/** Takes it over once, whether it was wanted before or after the composer appeared. */
function useWantedText(isMain, setText, field) {
  const wanted = useStore(wantedText);
  useEffect(() => {
    if (!isMain || wanted === '') return;
    wantedText.set('');
    setText(wanted);
    field.current?.focus();
  }, [isMain, wanted]);
}

function CommandList({ id, commands, active, point, pick, app }) {
  return html`<div class="command-list" role="listbox" id=${id} aria-label="Commands">
    <div class="command-list-head">Commands <span>↑↓ to navigate · Tab or Enter to choose · Esc to close</span></div>
    ${commands.map(
      (one, index) =>
        html`<div
          key=${one.command}
          id=${`${id}-${index}`}
          role="option"
          aria-selected=${index === active ? 'true' : 'false'}
          class=${index === active ? 'command command-active' : 'command'}
          onPointerEnter=${() => point(index)}
          onPointerDown=${(event) => {
            event.preventDefault();
            pick(one);
          }}
        >
          <span class="command-name"><b>${one.command}</b> ${one.usageHint}</span>
          <span class="command-description">${one.description} <i>${app.name}</i></span>
        </div>`,
    )}
  </div>`;
}

function ShortcutMenu() {
  const shortcuts = useStore(workspace, (state) => state.shortcuts);
  const app = useStore(workspace, (state) => state.app);
  const items = shortcuts
    .filter((shortcut) => shortcut.type === 'global')
    .map((shortcut) => ({
      key: shortcut.callbackId,
      label: shortcut.name,
      detail: shortcut.description,
      pick: () => act({ action: 'shortcut', callbackId: shortcut.callbackId }),
    }));
  const heading = {
    key: 'heading',
    heading: true,
    label: items.length > 0 ? `Shortcuts · ${app.name}` : 'No shortcuts',
  };
  return html`<${Menu} label="Shortcuts" class="composer-plus" alignRight=${false} items=${[heading, ...items]}>+<//>`;
}

/** Grows with its text, up to what the style sheet allows. */
function useGrowing(field, text) {
  useEffect(() => {
    const area = field.current;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);
}

/** The list of commands: what is in it, which one is meant, and the keys that move in it. */
function useCommands(text, setText) {
  const commands = useStore(workspace, (state) => state.commands);
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState('');
  const listed = closedAt === text ? [] : matching(commands, text);
  const exact = listed.some((one) => one.command === text.toLowerCase());
  const choose = (one) => setText(`${one.command} `);
  const onKey = (event) => {
    if (listed.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive((active + step + listed.length) % listed.length);
    else if (event.key === 'Tab' || (event.key === 'Enter' && !exact)) choose(listed[active] ?? listed[0]);
    else if (event.key === 'Escape') setClosedAt(text);
    else return false;
    return true;
  };
  return {
    listed,
    active: Math.min(active, Math.max(0, listed.length - 1)),
    setActive,
    choose,
    onKey,
    begun: begun(commands, text),
  };
}

function useSend({ channel, threadTs, text, setText }) {
  return async () => {
    const sent = text.trim();
    if (!sent) return;
    setText('');
    const answer = await act({ action: 'type', channel, text: sent, ...(threadTs ? { threadTs } : {}) });
    // What could not be sent is not lost.
    if (answer.error === 'no_answer') setText(sent);
  };
}

/** @param {{ channel: string, threadTs?: string, placeholder: string, isMain?: boolean }} props */
export function Composer({ channel, threadTs, placeholder, isMain = false }) {
  const [text, setText] = useState('');
  const field = useRef(null);
  const listId = useId();
  const app = useStore(workspace, (state) => state.app);
  const list = useCommands(text, setText);
  const send = useSend({ channel, threadTs, text, setText });
  useGrowing(field, text);
  useWantedText(isMain, setText, field);
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (list.onKey(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };
  return html`<div class="composer-holder">
    ${
      list.listed.length > 0 &&
      html`<${CommandList}
        id=${listId}
        commands=${list.listed}
        active=${list.active}
        point=${list.setActive}
        pick=${list.choose}
        app=${app}
      />`
    }
    ${list.begun?.usageHint && html`<div class="usage-hint"><b>${list.begun.command}</b> ${list.begun.usageHint}</div>`}
    <div class="composer">
      <textarea
        ref=${field}
        rows="1"
        value=${text}
        placeholder=${placeholder}
        aria-label=${placeholder}
        aria-controls=${list.listed.length > 0 ? listId : undefined}
        aria-activedescendant=${list.listed.length > 0 ? `${listId}-${list.active}` : undefined}
        onInput=${(event) => setText(event.currentTarget.value)}
        onKeyDown=${onKeyDown}
      ></textarea>
      <div class="composer-bar">
        <${ShortcutMenu} />
        <button class="send" type="button" aria-label="Send" disabled=${!text.trim()} onClick=${send}>
          <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M3 3l14 7-14 7 2-7z" /></svg>
        </button>
      </div>
    </div>
  </div>`;
}
