/**
 * One virtual time for everything in a seed: cluster, Slack, network, and each process of the bot with its SDKs. Time jumps to the next
 * timer once nothing is left to do in this moment; the same seed meets the same order.
 */
import type { WorldClock } from '#playground/clock.ts';
import { virtualClock } from '#playground/scenarios/virtual-clock.ts';
import { currentMachine, type Machine, onMachine } from './machine.ts';

/** The night of the runbook. */
export const STARTS_AT = Date.parse('2026-11-23T03:00:00Z');

export interface Timeline extends WorldClock {
  /** Runs until `isOver` holds, or until this time; false: it did not come to hold. */
  runUntil(isOver: () => boolean, endsAtMs: number): Promise<boolean>;
  /** The world's own time; `now` and `monotonic` are those of the machine that asks. */
  world(): number;
  /** Continues a frozen machine. */
  thaw(machine: Machine): void;
}

/** Everything that can run in this moment has run: promises settled, ticks ticked. */
const settled = (): Promise<void> => new Promise((resolve) => void realImmediate(resolve));
const realImmediate = setImmediate;

export function createTimeline(): Timeline {
  const clock = virtualClock(STARTS_AT);

  /** A timer belongs to the machine that set it. */
  function after(ms: number, run: () => void): () => void {
    const machine = currentMachine();
    if (machine === undefined) return clock.after(ms, run);
    let isCancelled = false;
    const cancel = clock.after(machine.clock.inWorld(ms), () =>
      machine.deliver(() => {
        if (!isCancelled) onMachine(machine, run);
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  return {
    ...clock,
    world: () => clock.now(),
    now: () => currentMachine()?.clock.wall(clock.now()) ?? clock.now(),
    monotonic: () => currentMachine()?.clock.monotonic(clock.now()) ?? clock.monotonic(),
    after,
    sleep,
    thaw(machine) {
      for (const run of machine.thaw()) onMachine(undefined, () => clock.after(0, () => machine.deliver(run)));
    },
    async runUntil(isOver, endsAtMs) {
      let hasEnded = false;
      const cancel = clock.after(endsAtMs - clock.now(), () => (hasEnded = true));
      await settled();
      while (!isOver()) {
        if (hasEnded || !clock.step()) return false;
        await settled();
      }
      cancel();
      return true;
    },
  };
}
