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

/** The same, for work that is told to stop. */
export function abortable<T>(ms: number, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return within(ms, what, work(AbortSignal.timeout(Math.ceil(ms))));
}
