import type { Core } from '../core.ts';
import type { Message } from '../workspace/messages.ts';

/** A message's address, on the page of this workspace. */
export function permalink(core: Core, message: Message): string {
  const url = `${core.address.url}/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return message.threadTs === undefined ? url : `${url}?thread_ts=${message.threadTs}&cid=${message.channel}`;
}
