/** Time limits in real milliseconds: Slack's three seconds do not care for a moved clock. */

/** What was waited for did not come in time. It may still happen. */
export class LateError extends Error {
  override name = 'LateError';
}

/** The work's result, or LateError after ms. The work itself goes on. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new LateError(`${what}: no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same, for work that is told to stop; what it says of its own end never comes before LateError. */
export async function abortable<T>(ms: number, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  try {
    return await within(ms, what, work(stop.signal));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
