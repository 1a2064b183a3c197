/**
 * One seed: a night in which people roll back while machines, network and Slack fail; then everything works again, everything has to come
 * to its end in bounded time, and the records of the cluster and of Slack are held against the invariants I1 to I10.
 */
import { createHash } from 'node:crypto';
import { seededRandom } from '#playground/scenarios/seeded-random.ts';
import { deployments, type Deployment } from '#playground/cluster/objects.ts';
import { hasEnded } from '#rollback/status.ts';
import { checkClicks } from './checks/clicks.ts';
import { isSettled, readHistory } from './checks/history.ts';
import { checkLeaders } from './checks/leaders.ts';
import { checkMessages } from './checks/messages.ts';
import { checkOutcomes } from './checks/outcomes.ts';
import { checkPatches } from './checks/patches.ts';
import { checkSecrets } from './checks/secrets.ts';
import { checkStatuses } from './checks/statuses.ts';
import { NINE } from './kill/nights.ts';
import { drawPowerCuts, underPowerCuts } from './faults/power-cuts.ts';
import { drawSpells, underSpells } from './faults/spells.ts';
import { drawStorm, storm } from './faults/storm.ts';
import { calm } from './faults/weather.ts';
import { drawChaos, ensureAlive, heal } from './story/chaos.ts';
import type { Happening, Told } from './story/happening.ts';
import { drawMoments } from './story/moments.ts';
import { drawClocks } from './story/clocks.ts';
import { DEPLOYED_AT_MS, drawPlot, PRESSED_AT_MS } from './story/plot.ts';
import { onMachine } from './time/machine.ts';
import { STARTS_AT } from './time/timeline.ts';
import { pause, press } from './world/people.ts';
import { openScene, type Scene } from './world/scene.ts';
import { makeSetting, type Setting, type SettingOptions } from './world/setting.ts';

/** After healing: back-off of half a minute, monitoring, a person who looks every few seconds, and half an hour where pods never come. */
const CONVERGES_WITHIN_MS = 45 * 60_000;
const PERSON_EVERY_MS = 3000;

export interface SeedResult {
  seed: number;
  faults: string[];
  /** What happened, for whoever looks into a failure. */
  story: string[];
  virtualMs: number;
  digest: string;
}

const settings = new Map<string, Setting>();

function settingFor(options: SettingOptions): Setting {
  const key = JSON.stringify(options);
  const known = settings.get(key) ?? makeSetting(options);
  settings.set(key, known);
  return known;
}

/** How many seeds roll the full system back: each costs as much as several others. */
const FULL_SYSTEM = 0.04;
const THREE = ['content-service', 'customer-service', 'analytics-service'];

function drawSetting(random: () => number, isWhole: boolean): Setting {
  const chance = random();
  if (isWhole) return settingFor({ services: NINE, environment: 'production' });
  if (chance < 0.1) return settingFor({ services: THREE.slice(0, 1), environment: 'staging' });
  return settingFor({ services: chance < 0.7 ? THREE.slice(0, 1) : THREE, environment: 'production' });
}

/** Looks every few seconds, lets pods run on, answers what is asked, resolves what has its outcome. */
function conscientious(scene: Scene): void {
  for (const object of scene.cluster.storage.peek(deployments, scene.setting.namespace) as readonly Deployment[])
    if (object.spec.paused) pause(scene, object.metadata.name, false);
  for (const { metadata, status, spec } of scene.rollbacks()) {
    if (status?.outcomeAt === undefined || hasEnded(status.phase)) continue;
    const isAsked = Object.values(spec.inputs ?? {}).some(
      (input) => input.kind === 'request' && input.request === 'resolve' && input.at >= status.outcomeAt!,
    );
    if (!isAsked) press(scene, metadata.name, { kind: 'request', request: 'resolve' });
  }
}

/** What is settled and deleted is gone. */
function isOver(scene: Scene): boolean {
  return scene
    .rollbacks()
    .every((rollback) => isSettled(rollback) && rollback.metadata.deletionTimestamp === undefined);
}

function every(scene: Scene, ms: number, run: () => void): void {
  const next = (): void => {
    run();
    onMachine(undefined, () => scene.timeline.after(ms, next));
  };
  onMachine(undefined, () => scene.timeline.after(ms, next));
}

function digestOf(scene: Scene): string {
  const hash = createHash('sha256');
  for (const { atMs, event } of scene.cluster.events)
    hash.update(`${atMs} ${event.type} ${JSON.stringify(event.object)}\n`);
  const { channels, messages } = scene.slack.core.workspace;
  for (const id of channels.keys())
    for (const m of messages.of(id)) hash.update(`${m.ts} ${m.text} ${JSON.stringify(m.blocks)}\n`);
  return hash.digest('hex').slice(0, 16);
}

function unfinished(scene: Scene): string[] {
  return scene
    .rollbacks()
    .map(
      ({ metadata, status }) =>
        `I6 ${metadata.name}: ${status?.phase ?? 'no status'}, ${JSON.stringify(status?.targets.map((t) => [t.service, t.state, t.detail]))}`,
    );
}

/** Rejections that nobody caught while this seed ran. */
const strays: string[] = [];
process.on('unhandledRejection', (error) => strays.push(String(error instanceof Error ? error.stack : error)));

export interface SeedOptions {
  isDigested?: boolean;
  onScene?: (scene: Scene) => void;
}

/** "bot-a-3" is replica "a", started third. */
const replicaOf = (machine: string): string => machine.split('-')[1] ?? '';

export async function runSeed(seed: number, { isDigested = false, onScene }: SeedOptions = {}): Promise<SeedResult> {
  const draw = seededRandom(seed * 3 + 1);
  const setting = drawSetting(draw, seededRandom(seed * 13 + 4)() < FULL_SYSTEM);
  const isQuiet = draw() < 0.4;
  const healsAtMs = PRESSED_AT_MS + 3000 + draw() * 30_000;
  const scene = openScene(setting, seed * 3 + 2);
  onScene?.(scene);
  const { timeline } = scene;
  const weather = drawStorm(draw, PRESSED_AT_MS - 3000, healsAtMs);
  const drawMore = seededRandom(seed * 7 + 5);
  const spells = drawSpells(drawMore, PRESSED_AT_MS - 1000, healsAtMs, isQuiet);
  const cuts = drawPowerCuts(drawMore);
  const happenings: Happening[] = [
    ...drawPlot(draw, setting.services, healsAtMs, isQuiet),
    ...drawChaos(draw, PRESSED_AT_MS, healsAtMs),
    ...drawClocks(seededRandom(seed * 11 + 9), PRESSED_AT_MS, healsAtMs),
    ...(isQuiet ? [] : drawMoments(seededRandom(seed * 17 + 34), setting.services, DEPLOYED_AT_MS)),
  ];
  const told: Told = { scene, clicks: [], touched: new Set(), deleted: new Set() };
  strays.length = 0;
  for (const happening of happenings)
    if (happening.atMs < healsAtMs) timeline.after(happening.atMs, () => happening.run(told));
  const nowMs = (): number => timeline.world() - STARTS_AT;
  const bad = underSpells(storm(weather, seededRandom(seed * 3 + 3), nowMs), spells, nowMs);
  timeline.after(PRESSED_AT_MS - 3000, () => scene.setWeather(bad));
  timeline.after(PRESSED_AT_MS, () =>
    scene.setWeather(underPowerCuts(bad, cuts, timeline, ({ name }) => ensureAlive(scene, replicaOf(name)))),
  );
  timeline.after(healsAtMs, () => {
    scene.setWeather(calm(scene.random));
    heal(scene);
  });
  scene.boot('a');
  scene.boot('b');
  await timeline.runUntil(() => false, STARTS_AT + healsAtMs + 1);
  every(scene, PERSON_EVERY_MS, () => conscientious(scene));
  // As a kubelet does: one that was still stopping when all was healed is started too.
  every(scene, 1000, () => [...scene.bots.keys()].forEach((replica) => ensureAlive(scene, replica)));
  let isDone = false;
  every(scene, 500, () => (isDone = isOver(scene)));
  const hasConverged = await timeline.runUntil(() => isDone, STARTS_AT + healsAtMs + CONVERGES_WITHIN_MS);
  const history = readHistory(scene);
  const faults = [
    ...(hasConverged
      ? [...checkOutcomes(scene, history, { touched: told.touched, isQuiet }), ...checkMessages(scene, history)]
      : unfinished(scene)),
    ...checkPatches(history),
    ...checkStatuses(history),
    ...checkLeaders(scene),
    ...checkSecrets(scene),
    ...checkClicks(told, history),
    ...strays.map((stray) => `not caught: ${stray}`),
  ];
  for (const { machine } of scene.bots.values()) machine.kill();
  return {
    seed,
    faults,
    story: [
      `${setting.environment}, ${setting.services.length} services, ${isQuiet ? 'quiet' : 'busy'}, healed at ${Math.round(healsAtMs)} ms`,
      JSON.stringify(weather),
      ...spells.map(({ says, fromMs, toMs }) => `${Math.round(fromMs)}–${Math.round(toMs)} ms: ${says}`),
      ...cuts.map((cut) => `power cut ${JSON.stringify(cut)}`),
      ...happenings.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, says }) => `${Math.round(atMs)} ms: ${says}`),
      `clicks: ${JSON.stringify(told.clicks)}`,
    ],
    virtualMs: timeline.now() - STARTS_AT,
    digest: isDigested ? digestOf(scene) : '',
  };
}
