/**
 * Nights share two cores. What somebody waits for with a limit in seconds of its own, a press in Slack, or what takes all there is, the start
 * of a process, is done one after the other.
 */
let last: Promise<unknown> = Promise.resolve();

export function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const own = last.then(work);
  last = own.catch(() => undefined);
  return own;
}
