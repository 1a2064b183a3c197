/**
 * One message, in a channel or in a thread. It is drawn again only when the message itself, its place in a group or the side that it
 * stands on changes.
 *
 * @typedef {import('../../slack/client-protocol.ts').MessageView} MessageView
 */
import { Blocks } from '../block/blocks.js';
import { SurfaceProvider, useSurfaceOf } from '../block/surface.js';
import { dismiss, workspace } from '../state/connection.js';
import { openThread } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { isReply, nobody } from '../state/workspace.js';
import { Avatar } from '../shell/avatar.js';
import { clockTime, fullTime, milliseconds, relativeDay } from '../text/dates.js';
import { html, memo } from '../text/html.js';
import { flatten, Mrkdwn, worldNow } from '../text/text.js';
import { parseMrkdwn } from '../text/mrkdwn.js';
import { Files } from './files.js';
import { MessageTools, useLongPress } from './tools.js';
import { Reactions } from './reactions.js';

const noBlocks = [];

const Time = ({ ts }) => {
  const ms = milliseconds(ts);
  return html`<time class="message-time" datetime=${new Date(ms).toISOString()} title=${fullTime(ms, worldNow())}>
    ${clockTime(ms)}
  </time>`;
};

/** "3 replies  Last reply today at 3:04 AM": opens the thread. */
function ThreadLine({ message }) {
  const { replies, users, lastTs } = message.thread;
  const people = useStore(workspace, (state) => state.users);
  return html`<button class="thread-line" type="button" onClick=${() => openThread(message.channel, message.ts)}>
    ${users.slice(0, 4).map((id) => html`<${Avatar} key=${id} user=${people[id] ?? nobody} size="tiny" />`)}
    <span class="thread-count">${replies} ${replies === 1 ? 'reply' : 'replies'}</span>
    <span class="thread-last">Last reply ${relativeDay(milliseconds(lastTs), worldNow())}</span>
  </button>`;
}

/** Above a reply that also stands in the channel. */
function BroadcastLine({ message, inThread }) {
  const root = useStore(workspace, (state) =>
    state.timelines[message.channel]?.find((one) => one.ts === message.threadTs && !isReply(one)),
  );
  if (inThread) return html`<div class="broadcast-line">Also sent to the channel</div>`;
  const preview = root ? flatten(parseMrkdwn(root.text)).slice(0, 80) : 'a thread';
  return html`<div class="broadcast-line">
    replied to a thread:${' '}
    <button type="button" class="link" onClick=${() => openThread(message.channel, message.threadTs)}>
      ${preview}
    </button>
  </div>`;
}

const EphemeralLine = ({ message }) =>
  html`<div class="ephemeral-line">
    <span aria-hidden="true">👁</span> Only visible to you
    <button type="button" class="link" onClick=${() => dismiss(message)}>Dismiss message</button>
  </div>`;

function Content({ message }) {
  const on = { channel: message.channel, ts: message.ts };
  const surface = useSurfaceOf('message', on, message.blocks ?? noBlocks);
  const edited = message.editedAt !== undefined && !message.blocks?.length;
  return html`<${SurfaceProvider} value=${surface}>
    ${
      message.blocks?.length
        ? html`<${Blocks} blocks=${message.blocks} />`
        : message.text &&
          html`<div class="message-text">
            <${Mrkdwn} text=${message.text} />${edited && html`<span class="edited"> (edited)</span>`}
          </div>`
    }
    ${message.files?.length > 0 && html`<${Files} files=${message.files} />`}
  <//>`;
}

/**
 * @param {object} props
 * @param {MessageView} props.message
 * @param {boolean} props.isGrouped under another one of the same author: no picture, no name
 * @param {boolean} props.inThread
 */
export const Message = memo(({ message, isGrouped, inThread }) => {
  const author = useStore(workspace, (state) => state.users[message.user]) ?? nobody;
  const press = useLongPress();
  const broadcast = message.broadcast && isReply(message);
  const className = `message${isGrouped ? ' message-grouped' : ''}${message.ephemeral ? ' message-ephemeral' : ''}`;
  return html`<article
    class=${className}
    data-ts=${message.ts}
    aria-label=${`Message from ${author.realName}`}
    ...${press.handlers}
  >
    <div class="message-gutter">
      ${isGrouped ? html`<${Time} ts=${message.ts} />` : html`<${Avatar} user=${author} />`}
    </div>
    <div class="message-main">
      ${message.ephemeral && html`<${EphemeralLine} message=${message} />`}
      ${
        !isGrouped &&
        html`<div class="message-head">
          <span class="author">${author.realName || author.name}</span>
          ${author.isBot && html`<span class="app-badge">APP</span>`}
          <${Time} ts=${message.ts} />
        </div>`
      }
      ${broadcast && html`<${BroadcastLine} message=${message} inThread=${inThread} />`}
      <${Content} message=${message} />
      ${message.reactions?.length > 0 && html`<${Reactions} message=${message} />`}
      ${!inThread && message.thread?.replies > 0 && html`<${ThreadLine} message=${message} />`}
    </div>
    ${!message.ephemeral && html`<${MessageTools} message=${message} inThread=${inThread} openRef=${press.openRef} />`}
  </article>`;
});
