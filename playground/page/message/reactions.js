/** Reactions under a message: who reacted is the tooltip, a click takes one's own away or adds it. */
import { act, workspace } from '../state/connection.js';
import { useStore } from '../state/store.js';
import { emojiFor } from '../text/emoji.js';
import { html } from '../text/html.js';

export function Reactions({ message }) {
  const me = useStore(workspace, (state) => state.me.id);
  const people = useStore(workspace, (state) => state.users);
  return html`<div class="reactions">
    ${message.reactions.map(({ name, users }) => {
      const names = users.map((id) => people[id]?.realName ?? id).join(', ');
      const mine = users.includes(me);
      return html`<button
        key=${name}
        type="button"
        class=${mine ? 'reaction reaction-mine' : 'reaction'}
        title=${`${names} reacted with :${name}:`}
        aria-pressed=${mine ? 'true' : 'false'}
        onClick=${() => act({ action: 'react', channel: message.channel, ts: message.ts, name })}
      >
        <span class="emoji">${emojiFor(name) ?? `:${name}:`}</span> ${users.length}
      </button>`;
    })}
  </div>`;
}
