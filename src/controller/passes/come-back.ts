/**
 * A rollback that ended as FAILED is the last word about itself, not about its pods: those may still come. They are looked at for as long as
 * a successful one would be monitored, and what comes back by itself is told. The outcome stays what it was.
 */
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackStatus, TargetStatus } from '#rollback/status.ts';
import { look, write } from './observe.ts';
import type { Again, Parts } from '../parts.ts';
import { settle } from './monitor.ts';
import { withEntry } from './timeline.ts';

const LOOK_INTERVAL_MS = 15_000;

/**
 * Of these targets, which came back, as one entry of the timeline; pure. What the outcome told of them stays: its pods and its detail are of
 * one moment, and only when they came back is added.
 */
export function withReturned(
  status: RollbackStatus,
  back: readonly Pick<TargetStatus, 'service' | 'ready' | 'desired'>[],
  at: string,
): RollbackStatus {
  if (back.length === 0) return status;
  const seen = new Set(back.map(({ service }) => service));
  const each = back.map(({ service, ready, desired }) => {
    const version = status.plan?.services.find((s) => s.service === service)?.to?.version ?? 'its target';
    return `${service} ${version}, ${ready} of ${desired} pods ready`;
  });
  const text = `Came back by itself, after this rollback had ended as FAILED: ${each.join(', ')}. It is not monitored.`;
  return {
    ...status,
    targets: status.targets.map((target) => (seen.has(target.service) ? { ...target, returnedAt: at } : target)),
    timeline: withEntry(status.timeline, at, text),
  };
}

/** One look at what had not come back. Settles when nothing of it can come any more. */
export async function comeBack(rollback: Rollback, parts: Parts, signal: AbortSignal): Promise<Again> {
  const status = rollback.status!;
  const at = new Date(parts.clock.now()).toISOString();
  const looks = await Promise.all(
    status.targets
      .filter(({ state, returnedAt }) => state === 'NotBack' && returnedAt === undefined)
      .map(async (target) => {
        const step = status.steps.find((s) => s.service === target.service && s.receipt !== undefined);
        return step && { target, progress: await look(rollback, step, parts, signal) };
      }),
  );
  const seen = looks.filter((one) => one !== undefined);
  const back = seen
    .filter(({ progress }) => progress.state === 'done')
    .map(({ target: { service }, progress: { ready, desired } }) => ({ service, ready, desired }));
  if (back.length > 0) {
    await write(rollback, withReturned(status, back, at), parts, signal);
    return { afterMs: 0 };
  }
  // Somebody deployed something else since: that is the next story.
  const isOver = seen.every(({ progress }) => progress.state === 'superseded');
  return isOver ? settle(rollback, parts, signal) : { afterMs: LOOK_INTERVAL_MS };
}
