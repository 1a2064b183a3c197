/** What happens to the bot's processes and to the API server's memory: killed, frozen, stopped, the lease deleted, history forgotten. */
import { deleteLease } from '../world/people.ts';
import type { Scene } from '../world/scene.ts';
import type { Happening } from './happening.ts';

type Random = () => number;

const SORTS = ['kill', 'kill', 'freeze', 'freeze', 'stop', 'lease', 'expire'] as const;

/** Boots it unless it runs. */
export function ensureAlive(scene: Scene, replica: string): void {
  if (scene.bots.get(replica)?.machine.isDead !== false) scene.boot(replica);
}

function twoSteps(
  says: string,
  { atMs, forMs }: { atMs: number; forMs: number },
  begin: (scene: Scene) => void,
  end: (scene: Scene) => void,
): Happening[] {
  return [
    { atMs, says: `${says} for ${Math.round(forMs)} ms`, run: ({ scene }) => begin(scene) },
    { atMs: atMs + forMs, says: `${says}: over`, run: ({ scene }) => end(scene) },
  ];
}

function chaosOf(sort: (typeof SORTS)[number], replica: string, atMs: number, random: Random): Happening[] {
  const forMs = random() < 0.5 ? random() * 3000 : random() * 30_000;
  switch (sort) {
    case 'kill':
      return twoSteps(
        `kill ${replica}`,
        { atMs, forMs },
        ({ bots }) => bots.get(replica)?.machine.kill(),
        (scene) => ensureAlive(scene, replica),
      );
    case 'stop':
      return twoSteps(
        `stop ${replica}`,
        { atMs, forMs: 5000 + forMs },
        ({ bots }) => bots.get(replica)?.stop(),
        (scene) => ensureAlive(scene, replica),
      );
    case 'freeze':
      return twoSteps(
        `freeze ${replica}`,
        { atMs, forMs },
        ({ bots }) => bots.get(replica)?.machine.freeze(),
        ({ bots, timeline }) => timeline.thaw(bots.get(replica)!.machine),
      );
    case 'lease':
      return [{ atMs, says: 'delete the lease', run: ({ scene }) => void deleteLease(scene) }];
    case 'expire':
      return [{ atMs, says: 'forget the watch history', run: ({ scene }) => scene.cluster.expire() }];
  }
}

/** Most strike while the first rollback is at work, some later. */
export function drawChaos(random: Random, pressedAtMs: number, healsAtMs: number): Happening[] {
  const count = Math.floor(random() * 4);
  return Array.from({ length: count }).flatMap(() => {
    const span = random() < 0.6 ? 4000 : healsAtMs - pressedAtMs;
    const atMs = pressedAtMs - 500 + random() * span;
    const sort = SORTS[Math.floor(random() * SORTS.length)]!;
    return chaosOf(sort, random() < 0.5 ? 'a' : 'b', atMs, random);
  });
}

/** Everything that was broken works again from here on. */
export function heal(scene: Scene): void {
  for (const clock of Object.values(scene.clocks)) {
    clock.set(0);
    clock.run(1, scene.timeline.world());
  }
  for (const [replica, { machine }] of scene.bots) {
    scene.timeline.thaw(machine);
    if (machine.isDead) scene.boot(replica);
  }
}
