/** Slack can tell the same interaction twice at once, over two sockets, under two envelope ids; its trigger is the same. */
import type { Clock } from '#rollback/ports.ts';

const KEPT_MS = 10 * 60_000;
const MOST = 5000;

/**
 * Answers whether this replica meets the trigger for the first time. Only an optimisation: that a copy opens no second form and says
 * nothing twice. What is written is the same however often it comes.
 */
export function createFirstTime(clock: Pick<Clock, 'now'>): (triggerId: string) => boolean {
  const seen = new Map<string, number>();
  return (triggerId) => {
    const now = clock.now();
    for (const [oldest, at] of seen) {
      if (seen.size <= MOST && now - at < KEPT_MS) break;
      seen.delete(oldest);
    }
    if (seen.has(triggerId)) return false;
    seen.set(triggerId, now);
    return true;
  };
}
