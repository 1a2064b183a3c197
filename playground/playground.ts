/**
 * The playground, joined: the emulated Slack with the page on it, the simulated cluster (or a real control plane) with its world, and the real bot as a child
 * process that reaches both over the protocols of production. It may assume an own machine and no network; it never lets the bot see a
 * real Slack or a real cluster.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BotProcess, createBotProcess } from './bot/bot-process.ts';
import { type WorldClock, worldClock } from './clock.ts';
import { inheritedEnvironment, type PlaygroundOptions } from './environment.ts';
import { mountPage } from './page/files.ts';
import { startPlaneProcess, stopPlaneProcess } from './plane-process.ts';
import type { Patience } from './slack/core.ts';
import { readManifest } from './slack/manifest.ts';
import { type EmulatedSlack, startSlack } from './slack/server.ts';
import { troubleViews } from './slack/troubles.ts';
import type { WorldView } from './world-protocol.ts';
import { createWorldHttp, type WorldHttp } from './world/http.ts';
import { postOpening } from './world/opening.ts';
import { startSurroundings, type Surroundings } from './world/surroundings.ts';
import { fulfil } from './world/wishes.ts';

export interface Playground {
  /** What to open in a browser. */
  url: string;
  /** The environment of a bot that is started by hand. */
  settings: Record<string, string>;
  /** A kubeconfig for a person's kubectl. */
  personKubeconfig: string;
  botState(): WorldView['bot']['state'];
  stop(): Promise<void>;
}

export interface StartOptions extends PlaygroundOptions {
  /** Lines of the bot's log. */
  log: (line: string) => void;
  /** Of the emulated Slack. */
  patience?: Patience;
}

interface Parts {
  clock: WorldClock;
  slack: EmulatedSlack;
  folder: string;
  /** Of the real control plane, if it is played on one. */
  plane: string | undefined;
  seed: number;
  surroundings: Surroundings;
  bot: BotProcess | undefined;
}

/** Error rates and latencies move without anything being written in the cluster. */
const heartbeatMs = 1000;
const manifestFile = fileURLToPath(new URL('../manifest.yml', import.meta.url));

function settingsOf({ slack, surroundings }: Pick<Parts, 'slack' | 'surroundings'>): Record<string, string> {
  return {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    ...surroundings.settings,
  };
}

function look({ clock, slack, seed, surroundings, bot }: Parts): WorldView {
  const pid = bot?.pid();
  return {
    now: clock.now(),
    services: surroundings.world.view(),
    bot: { state: bot?.state() ?? 'not started here', ...(pid === undefined ? {} : { pid }) },
    faults: {
      slackRateLimited: slack.faults.isRateLimited,
      apiServerDown: surroundings.cluster.faults.isDown(),
      logReadsHang: surroundings.cluster.faults.isHanging(),
    },
    slackTroubles: troubleViews(slack),
    seed,
  };
}

function surroundingsOf({ clock, seed, folder, plane }: Omit<Parts, 'surroundings' | 'bot'>): Promise<Surroundings> {
  return startSurroundings({ clock, seed, folder, ...(plane === undefined ? {} : { plane }) });
}

/** Workspace, cluster and bot as in the beginning. The files keep their names, so the bot's environment still holds. */
async function startOver(parts: Parts): Promise<void> {
  const { slack, bot } = parts;
  await bot?.kill();
  await parts.surroundings.stop();
  parts.surroundings = await surroundingsOf(parts);
  slack.faults.clear();
  slack.reset();
  postOpening(slack);
  await bot?.start();
}

/** Serves the world panel on Slack's server; what changes in the world reaches the page at once. */
function mountWorld(parts: Parts): WorldHttp {
  let restart: Promise<void> | undefined;
  let forget: () => void;
  const follow = (): void => {
    forget = parts.surroundings.world.onChange(() => panel.changed());
  };
  const restartOnce = (): Promise<void> => {
    restart ??= (async () => {
      forget();
      await startOver(parts);
      follow();
    })().finally(() => (restart = undefined));
    return restart;
  };
  const panel = createWorldHttp({
    look: () => look(parts),
    change: (wish) => fulfil({ ...parts, startOver: restartOnce }, wish),
  });
  follow();
  parts.slack.mount('/world/', (request, response) => {
    void panel.handle(request, response).then((handled) => handled || response.writeHead(404).end());
  });
  return panel;
}

async function startParts(options: StartOptions, onChange: () => void): Promise<Parts> {
  const { port, seed, startsBot, onPlane, log, patience = {} } = options;
  const clock = worldClock();
  const slack = await startSlack({ clock, manifest: readManifest(manifestFile), port, patience });
  const folder = await mkdtemp(join(tmpdir(), 'rollback-playground-'));
  postOpening(slack);
  const plane = onPlane ? await startPlaneProcess() : undefined;
  const surroundings = await surroundingsOf({ clock, slack, seed, folder, plane });
  const environment = { ...inheritedEnvironment(), ...settingsOf({ slack, surroundings }) };
  const skippedMs = (): number => Math.max(0, clock.now() - Date.now());
  const bot = startsBot ? createBotProcess({ environment, skippedMs, log, onChange }) : undefined;
  return { clock, slack, folder, plane, seed, surroundings, bot };
}

/** Starts everything; resolves when the bot is ready, or has failed to start. Rejects when the port is taken. */
export async function startPlayground(options: StartOptions): Promise<Playground> {
  let changed = (): void => {};
  const parts = await startParts(options, () => changed());
  mountPage(parts.slack);
  const panel = mountWorld(parts);
  changed = () => panel.changed();
  const heartbeat = setInterval(() => panel.changed(), heartbeatMs).unref();
  await parts.bot?.start();
  return {
    url: `${parts.slack.url}/`,
    settings: settingsOf(parts),
    personKubeconfig: parts.surroundings.personKubeconfig,
    botState: () => look(parts).bot.state,
    async stop() {
      clearInterval(heartbeat);
      panel.close();
      await parts.bot?.kill();
      await parts.slack.stop();
      await parts.surroundings.stop();
      if (parts.plane !== undefined) await stopPlaneProcess(parts.plane);
      await rm(parts.folder, { recursive: true, force: true });
    },
  };
}
