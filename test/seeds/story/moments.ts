/**
 * Somebody acts at the very moment: when a rollback was created and is being planned, when it is opened and its patches are not all out,
 * when it has ended and its last words are being posted. Drawn at random times such moments are seldom met.
 */
import type { Rollback } from '#rollback/rollback.ts';
import { hasEnded } from '#rollback/status.ts';
import { onMachine } from '../time/machine.ts';
import { deleteRollback, press } from '../world/people.ts';
import { ROLLBACKS, type Scene } from '../world/scene.ts';
import type { Happening, Told } from './happening.ts';
import { type Change, change } from './plot.ts';

type Random = () => number;

const MOMENTS = {
  created: { has: () => true, withinMs: 60 },
  opened: { has: ({ status }: Rollback) => status?.phase === 'RollingBack', withinMs: 10 },
  ended: { has: ({ status }: Rollback) => status !== undefined && hasEnded(status.phase), withinMs: 2500 },
};
type Moment = keyof typeof MOMENTS;

const ACTS: Record<Moment, readonly (Change | 'cancel' | 'note' | 'delete the rollback')[]> = {
  created: ['cancel'],
  opened: ['deploy', 'variable', 'pause', 'recreate', 'recreate', 'cancel', 'delete the rollback'],
  ended: ['note'],
};

/** Calls once, when it has come for the first rollback. */
function atMoment(scene: Scene, moment: Moment, afterMs: number, run: (name: string) => void): void {
  let hasCome = false;
  scene.cluster.storage.subscribe(({ resource, object }) => {
    const rollback = object as unknown as Rollback;
    if (hasCome || resource.plural !== ROLLBACKS.plural || !MOMENTS[moment].has(rollback)) return;
    hasCome = true;
    onMachine(undefined, () => scene.timeline.after(afterMs, () => run(rollback.metadata.name)));
  });
}

function deleteIt({ scene, deleted, touched }: Told, name: string, services: readonly string[]): void {
  deleted.add(name);
  for (const service of services) touched.add(service);
  deleteRollback(scene, name);
}

/** Most seeds have none. */
export function drawMoments(random: Random, services: readonly string[], atMs: number): Happening[] {
  if (random() > 0.25) return [];
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const moment = one(['created', 'opened', 'opened', 'opened', 'ended'] as const);
  const act = one(ACTS[moment]);
  const service = one(services);
  const afterMs = random() * (random() < 0.7 ? MOMENTS[moment].withinMs : 3000);
  return [
    {
      atMs,
      says: `${act} (${service}) ${afterMs.toFixed(1)} ms after it was ${moment}`,
      run(told) {
        atMoment(told.scene, moment, afterMs, (name) => {
          if (act === 'cancel') return void press(told.scene, name, { kind: 'request', request: 'cancel' });
          if (act === 'note') return void press(told.scene, name, { kind: 'note', text: 'All is well again' });
          if (act === 'delete the rollback') return deleteIt(told, name, services);
          told.touched.add(service);
          change(told.scene, act, service, random);
        });
      },
    },
  ];
}
