/** The thread side panel: the root, how many replies, the replies, and a composer. */
import { findRoot, workspace } from '../state/connection.js';
import { closeThread, layout } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { threadKey } from '../state/workspace.js';
import { html } from '../text/html.js';
import { Composer } from './composer.js';
import { MessageList } from './list.js';

const noReplies = [];

const Count = ({ count }) =>
  html`<div class="reply-count" role="separator"><span>${count} ${count === 1 ? 'reply' : 'replies'}</span></div>`;

export function ThreadPanel() {
  const thread = useStore(layout, (state) => state.thread);
  const root = useStore(workspace, (state) => thread && findRoot(state, thread));
  const replies = useStore(
    workspace,
    (state) => (thread && state.threads[threadKey(thread.channel, thread.ts)]) ?? noReplies,
  );
  const channel = useStore(workspace, (state) => state.channels.find((one) => one.id === thread?.channel));
  if (!thread) return null;
  const messages = root ? [root, ...replies] : replies;
  // What only this person sees is no reply, as the line under the root in the channel counts.
  const count = replies.filter((reply) => !reply.ephemeral).length;
  const between = (index) => (index === 1 && root && count > 0 ? html`<${Count} key="count" count=${count} />` : null);
  const onKeyDown = (event) => event.key === 'Escape' && !event.defaultPrevented && closeThread();
  return html`<aside class="thread-panel" aria-label="Thread" onKeyDown=${onKeyDown}>
    <header class="pane-header">
      <button class="icon-button back" type="button" aria-label="Back to the channel" onClick=${closeThread}>‹</button>
      <h2>Thread <span class="pane-subtitle">#${channel?.name}</span></h2>
      <button class="icon-button wide-only" type="button" aria-label="Close thread" onClick=${closeThread}>×</button>
    </header>
    <${MessageList}
      name="Thread"
      listKey=${threadKey(thread.channel, thread.ts)}
      messages=${messages}
      inThread=${true}
      intro=${!root && html`<div class="list-intro">The message that began this thread was deleted.</div>`}
      between=${between}
    />
    <${Composer} key=${thread.ts} channel=${thread.channel} threadTs=${thread.ts} placeholder="Reply…" />
  </aside>`;
}
