/**
 * The one door for side effects (design §4, §6): intent (written before by the caller) → find → prepare → lease → act → audit line. Everything
 * that changes the world passes here, so this is where crash points are listed and faults are injected.
 */
import { type Audit, type Effect, NotLeaderError, type Perform, StillUnknownError } from '#rollback/ports.ts';

/** Tests stop the world here: called before and after each effect with its kind and id. */
export type CrashPoint = (point: 'before' | 'after', effect: { kind: string; id: string; rollback: string }) => void;

interface Door {
  /** By our own monotonic clock: false as soon as the renew deadline has passed. */
  isLeader: () => boolean;
  audit: Audit;
  crashPoint?: CrashPoint;
}

/** The door. See `Perform` for what its rejections mean. */
export function createPerform({ isLeader, audit, crashPoint }: Door): Perform {
  return async function perform<Result>(effect: Effect<Result>, signal: AbortSignal): Promise<Result> {
    const { kind, id, rollback } = effect;
    if (effect.lookFirst) {
      const found = await effect.find(signal);
      if (found === 'unknown') throw new StillUnknownError(`${kind} ${id}: cannot tell whether it stands`);
      if (found !== 'absent') {
        audit({ event: 'effect.adopted', kind, id, rollback });
        return found;
      }
    }
    await effect.prepare?.(signal);
    signal.throwIfAborted();
    if (!isLeader()) throw new NotLeaderError(`${kind} ${id}: this replica does not lead`);
    crashPoint?.('before', { kind, id, rollback });
    const result = await effect.act(signal);
    crashPoint?.('after', { kind, id, rollback });
    audit({ event: 'effect.done', kind, id, rollback });
    return result;
  };
}
