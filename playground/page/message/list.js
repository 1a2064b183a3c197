/** A list of messages: dividers between days, groups of one author, and a view that stays at the newest unless the person scrolled up. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { workspace } from '../state/connection.js';
import { dayName, isSameDay, milliseconds } from '../text/dates.js';
import { html } from '../text/html.js';
import { worldNow } from '../text/text.js';
import { Message } from './message.js';

const groupMs = 5 * 60_000;
const nearEnd = 60;

/** Slack leaves name and picture out under a message of the same author within five minutes. */
function isGroupedWith(before, message) {
  return (
    before !== undefined &&
    before.user === message.user &&
    !before.ephemeral === !message.ephemeral &&
    !message.broadcast &&
    !before.thread &&
    milliseconds(message.ts) - milliseconds(before.ts) < groupMs
  );
}

const Divider = ({ ms }) =>
  html`<div class="day-divider" role="separator"><span>${dayName(ms, worldNow())}</span></div>`;

/** What the person wrote or was told alone is an answer to what they just did: it is shown, wherever they had scrolled to. */
const isOwn = (message) => message?.ephemeral === true || message?.user === workspace.get().me?.id;

/** Keeps the end in view while messages come, grow and change, until the person scrolls up. */
function useEnd(key, newest) {
  const scroller = useRef(null);
  const content = useRef(null);
  const atEnd = useRef(true);
  const size = useRef('');
  const [isAway, setAway] = useState(false);
  const toEnd = () => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
    atEnd.current = true;
    setAway(false);
  };
  useLayoutEffect(toEnd, [key]);
  useLayoutEffect(() => {
    if (atEnd.current || isOwn(newest)) toEnd();
    else setAway(true);
  }, [newest?.ts]);
  useEffect(() => {
    const watcher = new ResizeObserver(() => atEnd.current && toEnd());
    watcher.observe(content.current);
    watcher.observe(scroller.current);
    return () => watcher.disconnect();
  }, []);
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight, clientWidth } = scroller.current;
    const before = size.current;
    size.current = `${scrollHeight} ${clientHeight} ${clientWidth}`;
    // A browser also scrolls by itself when the list becomes narrower or longer: that is not the person leaving the end.
    if (atEnd.current && size.current !== before) return toEnd();
    atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (atEnd.current) setAway(false);
  };
  return { scroller, content, onScroll, isAway, toEnd };
}

/**
 * @param {object} props
 * @param {string} props.name what a screen reader calls the list
 * @param {string} props.listKey another key is another list: it begins at its end
 * @param {import('./message.js').MessageView[]} props.messages
 * @param {(index: number) => unknown} [props.between] drawn before the message at that index
 */
export function MessageList({ name, listKey, messages, inThread = false, intro, between = () => null }) {
  const end = useEnd(listKey, messages.at(-1));
  return html`<div class="message-list-holder">
    <div
      class="message-list"
      role="log"
      aria-label=${name}
      aria-live="polite"
      tabindex="0"
      ref=${end.scroller}
      onScroll=${end.onScroll}
    >
      <div class="message-list-content" ref=${end.content}>
        ${intro}
        ${messages.flatMap((message, index) => {
          const before = messages[index - 1];
          const ms = milliseconds(message.ts);
          const newDay = !inThread && (before === undefined || !isSameDay(milliseconds(before.ts), ms));
          const divider = newDay && html`<${Divider} key=${`day-${message.ts}`} ms=${ms} />`;
          const grouped = !newDay && between(index) === null && isGroupedWith(before, message);
          return [
            divider,
            between(index),
            html`<${Message} key=${message.ts} message=${message} isGrouped=${grouped} inThread=${inThread} />`,
          ];
        })}
      </div>
    </div>
    ${end.isAway && html`<button class="to-end" type="button" onClick=${end.toEnd}>↓ New messages</button>`}
  </div>`;
}
