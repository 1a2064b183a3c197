/**
 * One night in calm weather in which the only bot loses its power at one side effect, and another one is started. The list of side effects
 * is what a night without a cut reports through perform() itself, so that a new one cannot be forgotten.
 */
import { hasEnded } from '#rollback/status.ts';
import { checkClicks } from '../checks/clicks.ts';
import { atItsEnd, type History, isSettled, readHistory } from '../checks/history.ts';
import { checkMessages } from '../checks/messages.ts';
import { checkOutcomes } from '../checks/outcomes.ts';
import { checkPatches } from '../checks/patches.ts';
import { checkSecrets } from '../checks/secrets.ts';
import { checkStatuses } from '../checks/statuses.ts';
import { onMachine } from '../time/machine.ts';
import { STARTS_AT } from '../time/timeline.ts';
import { createRollback, press, specFor } from '../world/people.ts';
import { openScene, type Scene } from '../world/scene.ts';
import { makeSetting, type Setting } from '../world/setting.ts';
import type { Night } from './nights.ts';

/** The nth effect of a kind within a night; effects that belong to no rollback are counted as well. */
export interface CutAt {
  point: 'before' | 'after';
  kind: string;
  nth: number;
}

const PRESSED_AT_MS = 6000;
const LOOK_MS = 20;
/** How long the power is off: short, so that the lease has to run out, or so long that monitoring would have ended. */
const OFF_MS = 1000;
const ENDS_WITHIN_MS = 60 * 60_000;

const settings = new Map<Night, Setting>();

function settingOf(night: Night): Setting {
  const setting = settings.get(night) ?? makeSetting(night.setting);
  settings.set(night, setting);
  return setting;
}

function people(scene: Scene, night: Night, cutOrNone: { hasCut: boolean }): () => void {
  const done = new Set<string>();
  const once = (what: string, run: () => void): void => {
    if (done.has(what)) return;
    done.add(what);
    run();
  };
  return () => {
    night.besides?.(scene, once);
    for (const { metadata, status } of scene.rollbacks()) {
      const { outcomeAt, phase } = status ?? {};
      if (outcomeAt === undefined || phase === undefined || hasEnded(phase) || !cutOrNone.hasCut) continue;
      const isTime = scene.timeline.now() > Date.parse(outcomeAt) + 5000;
      if (isTime)
        once(`resolve ${metadata.name}`, () => press(scene, metadata.name, { kind: 'request', request: 'resolve' }));
    }
  };
}

function checkEnd(scene: Scene, history: History, { ends }: Night): string[] {
  const all = scene.rollbacks();
  const faults: string[] = [];
  if (all.length !== (ends.rollbacks ?? 1)) faults.push(`${all.length} rollbacks`);
  const rollback = atItsEnd(
    history,
    all.find(({ metadata }) => metadata.name === 'tonight')!,
  );
  const { status } = rollback;
  if (!ends.phase.split('|').includes(status?.phase ?? ''))
    faults.push(`it ended as ${status?.phase} (${status?.message}) in place of ${ends.phase}`);
  for (const { service, state, detail } of status?.targets ?? []) {
    const expected = ends.targets?.[service] ?? 'Back';
    if (!expected.split('|').includes(state)) faults.push(`${service} is ${state} (${detail}) in place of ${expected}`);
  }
  const patched =
    status?.targets.filter(({ patchedAt }) => patchedAt !== undefined).map(({ service }) => service) ?? [];
  for (const service of patched) {
    const own = history.patches.filter(
      ({ operation, after }) => operation.startsWith(`${rollback.metadata.uid}/`) && after.metadata.name === service,
    );
    if (own.length !== 1) faults.push(`I2 ${service} was patched ${own.length} times`);
  }
  return faults;
}

/** Roots and outcomes in the words that people read. */
function checkWords(scene: Scene, history: History): string[] {
  const { channel } = scene.setting.catalogue.environments[scene.setting.environment]!;
  const firstLines = scene.slack.core.workspace.messages
    .of(channel)
    .map(({ blocks, text }) => (blocks?.[0] as { text?: { text?: string } } | undefined)?.text?.text ?? text);
  const count = (words: RegExp): number => firstLines.filter((line) => words.test(line)).length;
  const ends = scene.rollbacks().flatMap((r) => atItsEnd(history, r).status ?? []);
  const expected = {
    'ROLLBACK INITIATED': ends.filter(({ startedAt }) => startedAt !== undefined).length,
    'ROLLBACK (COMPLETE|PARTIAL|FAILED)': ends.filter(
      ({ outcomeAt, targets }) => outcomeAt !== undefined && targets.some((t) => t.patchedAt),
    ).length,
  };
  return Object.entries(expected).flatMap(([words, wanted]) => {
    const found = count(new RegExp(`\\*${words}\\*`));
    return found === wanted ? [] : [`I3 ${words} stands ${found} times in place of ${wanted}`];
  });
}

export interface CutShort {
  faults: string[];
  /** Every effect of the night, in order. */
  effects: { kind: string; nth: number }[];
  /** The cut was made. */
  hasCut: boolean;
}

/** Without `cut`: the calm night. */
export async function runNight(night: Night, cut: CutAt | undefined): Promise<CutShort> {
  const scene = openScene(settingOf(night), 4242);
  const { timeline } = scene;
  const effects: CutShort['effects'] = [];
  const counts = new Map<string, number>();
  const state = { hasCut: cut === undefined };
  scene.crashPoint =
    (machine) =>
    (point, { kind }) => {
      // Several are under way at once: each side is counted by itself.
      const side = `${point} ${kind}`;
      const nth = (counts.get(side) ?? 0) + 1;
      counts.set(side, nth);
      if (point === 'before') effects.push({ kind, nth });
      if (state.hasCut || cut?.point !== point || cut.kind !== kind || cut.nth !== nth) return;
      state.hasCut = true;
      machine.kill();
      onMachine(undefined, () => timeline.after(OFF_MS, () => scene.boot('b')));
      throw new Error('the power was cut');
    };
  scene.boot('a');
  timeline.after(2000, () => night.before(scene));
  const services = night.setting.services;
  timeline.after(PRESSED_AT_MS, () => createRollback(scene, 'tonight', specFor(scene, { services, ...night.spec })));
  let isDone = false;
  const look = people(scene, night, state);
  const next = (): void => {
    look();
    isDone =
      scene.rollbacks().length > 0 &&
      scene.rollbacks().length >= (night.ends.rollbacks ?? 1) &&
      scene.rollbacks().every(isSettled);
    timeline.after(LOOK_MS, next);
  };
  timeline.after(PRESSED_AT_MS + 1, next);
  const hasEnded_ = await timeline.runUntil(() => isDone, STARTS_AT + ENDS_WITHIN_MS);
  const history = readHistory(scene);
  const touched = new Set(services);
  const faults = [
    ...(hasEnded_
      ? []
      : [`not settled: ${JSON.stringify(scene.rollbacks().map(({ status }) => [status?.phase, status?.targets]))}`]),
    ...(hasEnded_
      ? [...checkEnd(scene, history, night), ...checkMessages(scene, history), ...checkWords(scene, history)]
      : []),
    ...(hasEnded_ ? checkOutcomes(scene, history, { touched, isQuiet: false }) : []),
    ...checkPatches(history),
    ...checkStatuses(history),
    ...checkSecrets(scene),
    ...checkClicks({ clicks: [], deleted: new Set() }, history),
  ];
  for (const { machine } of scene.bots.values()) machine.kill();
  return { faults, effects, hasCut: state.hasCut };
}
