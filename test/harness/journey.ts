/**
 * One night at Lomash Wood: the playground's emulators and the real bot, in this process, on one clock that a test can move. People act
 * through `Person`; the cluster changes through the world. Nothing here is a double.
 */
import { PLANE_FOLDER } from './plane-folder.ts';
import { beUnhurried } from './unhurried-time.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { readConfig } from '#config';
import type { CrashPoint } from '#controller/perform.ts';
import { type Bot, startBot } from '#main';
import { worldClock, type WorldClock } from '#playground/clock.ts';
import { fastTimings } from '#playground/cluster/kubelet/container-worker.ts';
import { readManifest } from '#playground/slack/manifest.ts';
import { type EmulatedSlack, startSlack } from '#playground/slack/server.ts';
import { startSurroundings, type Surroundings } from '#playground/world/surroundings.ts';
import type { Person, SeenMessage } from '#playground/slack/people/person.ts';
import type { Log } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';

/** Whoever else the bot asks as, it is wrong: k8s/ lets only this account. */
const BOT_USER = 'system:serviceaccount:rollback-bot:rollback-bot';
const PATIENCE_MS = 90_000;

export interface JourneyOptions {
  seed?: number;
  change?: (catalogue: Catalogue) => void;
  startsBot?: boolean;
  /** Others than this process go by the clock of the machine. */
  sharesClock?: boolean;
  /** Called around each effect of the bot; what it throws is as if the process had ended there. */
  crashPoint?: CrashPoint;
}

export interface Journey extends Pick<Surroundings, 'cluster' | 'world' | 'personKubeconfig' | 'botUsers'> {
  clock: WorldClock;
  slack: EmulatedSlack;
  maya: Person;
  tom: Person;
  ines: Person;
  sam: Person;
  guest: Person;
  /** Lines of the bot's log that are warnings or errors. */
  troubles: string[];
  /** Lines of the bot's log that are neither, without their fields. */
  news: string[];
  /** Asks until the answer is neither undefined nor false; fails with what Maya sees by then. */
  until<T>(what: string, ask: () => T | Promise<T>): Promise<NonNullable<T>>;
  /** As `until`, while everybody's time runs ten times as fast: for what comes after a wait of the bot's own. */
  soon<T>(what: string, ask: () => T | Promise<T>): Promise<NonNullable<T>>;
  /** Everybody's time moves. */
  skip(minutes: number): void;
  /** All Rollbacks as stored, oldest first. */
  rollbacks: () => Rollback[];
  /** The image tag that a Deployment asks for. */
  version(service: string, namespace?: string): string;
  /** The newest message of #incidents, by its first words. */
  post(words: RegExp, channel?: string): Promise<SeenMessage>;
  startBot(): Promise<void>;
  stopBot(): Promise<void>;
  /** Why the bot is not ready. */
  problems: () => string[];
  stop(): Promise<void>;
}

interface Stored {
  metadata: { creationTimestamp: string; name: string };
  spec: { template: { spec: { containers: { image: string }[] } } };
}

const ROLLBACKS = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };

function listener(troubles: string[], news: string[]): Log {
  const keep = (text: string, fields?: object): void => void troubles.push(`${text} ${JSON.stringify(fields ?? {})}`);
  return { debug: () => undefined, info: (text) => void news.push(text), warn: keep, error: keep };
}

/** Starts everything. End it with `stop`. */
export async function startJourney({
  seed = 1,
  change,
  startsBot = true,
  sharesClock = PLANE_FOLDER !== undefined,
  crashPoint,
}: JourneyOptions = {}): Promise<Journey> {
  const stopUnhurried = beUnhurried({ clocks: !sharesClock });
  const clock = worldClock();
  const folder = mkdtempSync(path.join(tmpdir(), 'rollback-journey-'));
  const slack = await startSlack({
    clock,
    manifest: readManifest('manifest.yml'),
    // By the clock of the machine a trigger would not outlive that this process stands still for seconds.
    ...(sharesClock ? { patience: { triggerMs: 60_000 } } : {}),
  });
  const surroundings = await startSurroundings({
    clock,
    seed,
    folder,
    timings: fastTimings,
    ...(PLANE_FOLDER === undefined ? {} : { plane: PLANE_FOLDER }),
    ...(change ? { change } : {}),
  });
  const { cluster, world, personKubeconfig, botUsers } = surroundings;
  const troubles: string[] = [];
  const news: string[] = [];
  let bot: Bot | undefined;
  const person = (id: string): Person => slack.person(id);
  const journey: Journey = {
    cluster,
    world,
    personKubeconfig,
    botUsers,
    slack,
    clock,
    troubles,
    news,
    maya: person('U0ONCALL'),
    tom: person('U0BACKEND'),
    ines: person('U0LEAD'),
    sam: person('U0NOTALLOWED'),
    guest: person('U0GUEST'),
    async until(what, ask) {
      const endsAt = performance.now() + PATIENCE_MS;
      for (;;) {
        const answer = await ask();
        if (answer !== undefined && answer !== false && answer !== null) return answer;
        if (performance.now() > endsAt) throw new Error(`Waited in vain until ${what}.\n${report(journey)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    soon(what, ask) {
      let movedAt = performance.now();
      return journey.until(what, () => {
        if (performance.now() - movedAt > 100) {
          journey.skip(1 / 60);
          movedAt = performance.now();
        }
        return ask();
      });
    },
    skip(minutes) {
      clock.advance(minutes * 60_000);
      slack.clockMoved();
    },
    rollbacks: () => (cluster.storage.list(ROLLBACKS) as unknown as Rollback[]).toSorted((a, b) => began(a) - began(b)),
    version(service, namespace = 'lomash-wood') {
      const stored = cluster.storage.get(DEPLOYMENTS, namespace, service) as unknown as Stored | undefined;
      return stored?.spec.template.spec.containers[0]?.image.split(':').at(-1) ?? 'none';
    },
    post: (words, channel = '#incidents') =>
      journey.until(`${channel} reads ${String(words)}`, () => journey.maya.message(words, channel)),
    async startBot() {
      const settings = {
        SLACK_API_URL: slack.apiUrl,
        SLACK_BOT_TOKEN: slack.tokens.bot,
        SLACK_APP_TOKEN: slack.tokens.app,
        ...surroundings.settings,
      };
      bot = await startBot(readConfig(settings), {
        clock,
        log: listener(troubles, news),
        audit: () => undefined,
        messageIntervalMs: 100,
        ...(crashPoint ? { crashPoint } : {}),
      });
    },
    async stopBot() {
      await bot?.stop();
      bot = undefined;
    },
    problems: () => bot?.problems() ?? ['no bot runs'],
    async stop() {
      await bot?.stop();
      await slack.stop();
      const others = botUsers().filter((name) => name !== BOT_USER);
      await surroundings.stop();
      rmSync(folder, { recursive: true, force: true });
      stopUnhurried();
      if (others.length > 0) throw new Error(`The bot asked the API server as ${others.join(', ')}.`);
    },
  };
  if (startsBot) await journey.startBot();
  return journey;
}

/** Objects are created to the second; those that began know it better. */
function began({ metadata, status }: Rollback): number {
  return Date.parse(status?.startedAt ?? metadata.creationTimestamp) + (status ? 0 : 1000);
}

/** What there is to see when a story does not go on. */
function report({ maya, rollbacks, troubles }: Journey): string {
  const modal = maya.modal();
  const objects = rollbacks().map(
    (r) =>
      `${r.metadata.name}: ${r.status?.phase ?? 'no status'} ${r.status?.message ?? ''} ${JSON.stringify(r.status?.targets ?? [])}`,
  );
  const seen = maya
    .sees('#incidents')
    .slice(-12)
    .map((m) => `${m.threadTs ? '  ↳ ' : ''}${m.reads}`);
  return [
    '— #incidents —',
    ...seen,
    modal ? `— modal "${modal.title}" —\n${modal.reads}\n${JSON.stringify(modal.errors)}` : '— no modal —',
    ...maya.notices(),
    '— rollbacks —',
    ...objects,
    '— troubles —',
    ...troubles.slice(-15),
  ].join('\n');
}
