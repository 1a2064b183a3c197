/** Real time, as the bot is given it outside tests. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#rollback/ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? (signal.reason as Error) : error;
    }
  },
};
