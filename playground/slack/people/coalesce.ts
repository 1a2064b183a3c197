import type { ClientEvent } from '../client-protocol.ts';

const windowMs = 40;

/** What later events of the same key make superfluous; `undefined`: every one counts. */
function keyOf(event: ClientEvent): string | undefined {
  switch (event.type) {
    case 'message':
      return `message/${event.message.channel}/${event.message.ts}`;
    case 'message_deleted':
      return `message/${event.channel}/${event.ts}`;
    case 'views':
    case 'home':
    case 'app':
    case 'clock':
      return event.type;
    case 'snapshot':
    case 'view_errors':
    case 'slackbot':
      return undefined;
  }
}

/**
 * Sends the first event after a pause at once and gathers what follows for a moment; of several states of one thing only the last is
 * sent, in its place. So two hundred edits in a second are a few dozen events.
 */
export function coalesce(send: (event: ClientEvent) => void): { push: (event: ClientEvent) => void; stop: () => void } {
  let waiting = new Map<string, ClientEvent>();
  let timer: NodeJS.Timeout | undefined;
  let count = 0;

  function flush(): void {
    timer = undefined;
    const events = waiting;
    waiting = new Map();
    for (const event of events.values()) send(event);
    if (events.size > 0) timer = setTimeout(flush, windowMs);
  }

  function push(event: ClientEvent): void {
    const key = keyOf(event) ?? `once/${count++}`;
    waiting.delete(key);
    waiting.set(key, event);
    if (timer === undefined) flush();
  }

  return { push, stop: () => clearTimeout(timer) };
}
