/** The story of one seed: what is deployed, who presses what, and who gets in between. Drawn before anything happens. */
import type { ImageBehaviour } from '#playground/cluster/kubelet/images.ts';
import { imageOf } from '#playground/scenarios/company.ts';
import { hasEnded } from '#rollback/status.ts';
import { clickRollBack } from '../world/click.ts';
import {
  annotate,
  createRollback,
  deleteDeployment,
  deleteRollback,
  deployVersion,
  MAYA,
  pause,
  press,
  type Press,
  scale,
  setVariable,
  specFor,
  TOM,
} from '../world/people.ts';
import type { Scene } from '../world/scene.ts';
import type { Happening, Told } from './happening.ts';

type Random = () => number;

const one = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;

export const DEPLOYED_AT_MS = 2000;
export const PRESSED_AT_MS = 6000;

const BAD: readonly ImageBehaviour[] = ['bad', 'bad', 'bad', 'crash-loop', 'never-ready', 'not-found'];

function request(told: Told, services: readonly string[], random: Random, more: object = {}): void {
  const { scene, clicks } = told;
  const spec = specFor(scene, { services, ...more });
  const viewId = `V${clicks.length}${Math.floor(random() * 1e6)}`;
  const first = one(['a', 'b'], random);
  const isShown = random() < 0.5;
  const twice = random() < 0.25;
  if (random() < 0.2) {
    createRollback(scene, `kubectl-${viewId.toLowerCase()}`, { ...spec, requestedBy: { ...MAYA, via: 'slack' } });
    return;
  }
  const others = twice ? [first, one(['a', 'b'], random)] : [first];
  for (const replica of others) clicks.push(clickRollBack(scene, replica, { spec, viewId, isShown }));
}

const newest = (scene: Scene, random: Random): string | undefined => {
  const all = scene.rollbacks().map(({ metadata }) => metadata.name);
  return all.length === 0 ? undefined : one(all, random);
};

const PRESSES: readonly Press[] = [
  { kind: 'request', request: 'cancel' },
  { kind: 'request', request: 'cancel' },
  { kind: 'request', request: 'take-over' },
  { kind: 'request', request: 'resolve' },
  { kind: 'request', request: 'watch-longer' },
  { kind: 'request', request: 'wait-longer' },
  { kind: 'request', request: 'leave' },
  { kind: 'check', item: 'login', answer: 'pass' },
  { kind: 'check', item: 'products', answer: 'fail' },
  { kind: 'note', text: 'Phoned the showroom, they can log in again' },
];

function somebodyPresses(atMs: number, random: Random): Happening {
  const what = one(PRESSES, random);
  const by = one([MAYA, TOM], random);
  return {
    atMs,
    says: `${by.name} presses ${JSON.stringify(what)}`,
    run({ scene }) {
      const name = newest(scene, random);
      if (name !== undefined) press(scene, name, what, by);
    },
  };
}

const CHANGES = [
  'deploy',
  'deploy-bad',
  'scale',
  'annotate',
  'pause',
  'variable',
  'delete',
  'recreate',
  'expire-image',
] as const;

export type Change = (typeof CHANGES)[number];

export function change(scene: Scene, sort: Change, service: string, random: Random): void {
  switch (sort) {
    case 'deploy':
      return void deployVersion(scene, service, 'ok');
    case 'deploy-bad':
      return void deployVersion(scene, service, 'bad');
    case 'scale':
      return void scale(scene, service, 1 + Math.floor(random() * 3));
    case 'annotate':
      return void annotate(scene, service, 'somebody was here');
    case 'pause':
      return void pause(scene, service, true);
    case 'variable':
      return void setVariable(scene, service, String(random()));
    case 'delete':
    case 'recreate':
      return deleteDeployment(scene, service, sort === 'recreate');
    case 'expire-image':
      for (const tag of scene.cluster.images.tagsOf(imageOf(service, 'x').split(':')[0]!))
        if (random() < 0.5) scene.cluster.images.expire(imageOf(service, tag));
  }
}

function somebodyChanges(atMs: number, services: readonly string[], random: Random): Happening {
  const sort = one(CHANGES, random);
  const service = one(services, random);
  return {
    atMs,
    says: `${sort} ${service} by hand`,
    run({ scene, touched }) {
      if (sort !== 'annotate' && sort !== 'scale') touched.add(service);
      change(scene, sort, service, random);
    },
  };
}

/** Another rollback: of the same services, of another one, or the undoing of the first. */
function anotherRollback(atMs: number, services: readonly string[], random: Random): Happening {
  const sort = one(['same', 'other', 'undo'] as const, random);
  const only = [one(services, random)];
  return {
    atMs,
    says: `another rollback: ${sort}`,
    run(told) {
      const [parent] = told.scene.rollbacks();
      if (sort === 'undo' && parent?.status && hasEnded(parent.status.phase)) {
        const { name, uid } = parent.metadata;
        request(told, only, random, { parent: { name, uid, relation: 'undo' } });
      } else request(told, sort === 'same' ? services : only, random);
    },
  };
}

function objectDeleted(atMs: number, random: Random): Happening {
  return {
    atMs,
    says: 'a rollback is deleted by kubectl',
    run({ scene, deleted, touched }) {
      const name = newest(scene, random);
      if (name === undefined) return;
      deleted.add(name);
      for (const { metadata, spec } of scene.rollbacks())
        if (metadata.name === name) for (const { service } of spec.targets) touched.add(service);
      deleteRollback(scene, name);
    },
  };
}

function during(random: Random, healsAtMs: number): number {
  return PRESSED_AT_MS + random() * (random() < 0.6 ? 4000 : healsAtMs - PRESSED_AT_MS);
}

/** `isQuiet`: nobody gets in between, so that everything has to come back. */
export function drawPlot(
  random: Random,
  services: readonly string[],
  healsAtMs: number,
  isQuiet: boolean,
): Happening[] {
  const broken = random() < 0.7 ? services : [services[0]!];
  const behaviours = broken.map(() => one(BAD, random));
  const isDrill = random() < 0.5;
  const dryRun = !isQuiet && random() < 0.03;
  const plot: Happening[] = [
    {
      atMs: DEPLOYED_AT_MS,
      says: `deploy ${broken.map((service, i) => `${service} (${behaviours[i]})`).join(', ')}`,
      run: ({ scene }) => broken.forEach((service, i) => void deployVersion(scene, service, behaviours[i]!)),
    },
    {
      atMs: PRESSED_AT_MS,
      says: `roll back ${broken.join(', ')}${dryRun ? ' (dry run)' : ''}`,
      run(told) {
        const drill = isDrill && told.scene.setting.environment !== 'production' ? { drill: true } : {};
        request(told, broken, random, { ...drill, ...(dryRun ? { dryRun: true } : {}) });
      },
    },
  ];
  if (isQuiet) return plot;
  for (let left = Math.floor(random() * 4); left > 0; left--)
    plot.push(somebodyPresses(during(random, healsAtMs), random));
  for (let left = Math.floor(random() * 2.5); left > 0; left--)
    plot.push(somebodyChanges(during(random, healsAtMs), services, random));
  if (random() < 0.2) plot.push(anotherRollback(during(random, healsAtMs), services, random));
  if (random() < 0.05) plot.push(objectDeleted(during(random, healsAtMs), random));
  return plot;
}
