/** A world in virtual time, quick to become ready, stopped afterwards. */
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import { createStorage } from '#playground/cluster/storage.ts';
import { virtualClock } from '#playground/scenarios/virtual-clock.ts';
import type { WorldControl } from '#playground/scenarios/world.ts';
import { startWorld } from '#playground/scenarios/world.ts';
import { catalogue } from './company-catalogue.ts';

export const startedAtMs = Date.parse('2026-03-02T03:00:00Z');

export async function inWorld(run: (world: WorldControl) => Promise<void> | void, seed = 7): Promise<void> {
  const clock = virtualClock(startedAtMs);
  const world = await startWorld({ storage: createStorage(clock), clock, seed, catalogue, timings: fastTimings });
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}
