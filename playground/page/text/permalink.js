/**
 * Where a permalink leads. Pure.
 *
 * @param {string} address
 * @param {string} origin of the workspace
 * @returns {{ channel: string, ts: string } | undefined} the thread's root; undefined: no message of this workspace
 */
export function permalinkOf(address, origin) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const [, channel, seconds, micros] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url?.pathname ?? '') ?? [];
  if (url?.origin !== origin || channel === undefined) return undefined;
  return { channel, ts: url.searchParams.get('thread_ts') ?? `${seconds}.${micros}` };
}
