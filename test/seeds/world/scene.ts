/** Everything of one seed in one place: the cluster, Slack, two replicas of the bot that come and go, and the weather between them. */
import type { Rollback } from '#rollback/rollback.ts';
import { seededRandom } from '#playground/scenarios/seeded-random.ts';
import { calm, type Weather } from '../faults/weather.ts';
import { HostClock } from '../time/host-clock.ts';
import { enterSeed } from '../time/process-time.ts';
import { createTimeline, type Timeline } from '../time/timeline.ts';
import { type Bot, type BotSurroundings, startBot } from './bot.ts';
import { type SeedCluster, startSeedCluster } from './cluster.ts';
import { HOME, type Setting } from './setting.ts';
import { type SeedSlack, startSeedSlack } from './slack.ts';

export const ROLLBACKS = { group: 'ops.lomashwood.com', version: 'v1alpha1', plural: 'rollbacks' };

export interface Scene {
  setting: Setting;
  random: () => number;
  timeline: Timeline;
  cluster: SeedCluster;
  slack: SeedSlack;
  /** Replica "a" and replica "b"; a dead one stays until it is started again. */
  bots: Map<string, Bot>;
  /** Of the hosts that replica "a" and replica "b" run on. */
  clocks: Record<string, HostClock>;
  lines: string[];
  setWeather(weather: Weather): void;
  /** A new process in place of a dead one; its lease identity is new too. */
  boot(replica: string): void;
  /** As stored, oldest first. */
  rollbacks(): Rollback[];
  /** Asked for by each process that is booted from then on. */
  crashPoint?: BotSurroundings['crashPoint'];
}

export function openScene(setting: Setting, seed: number): Scene {
  const random = seededRandom(seed);
  const timeline = createTimeline();
  enterSeed(timeline, random);
  const cluster = startSeedCluster({ setting, timeline, random });
  const slack = startSeedSlack(timeline);
  const bots = new Map<string, Bot>();
  const clocks: Scene['clocks'] = { a: new HostClock(), b: new HostClock() };
  const lines: string[] = [];
  let weather = calm(random);
  let booted = 0;
  const scene: Scene = {
    setting,
    random,
    timeline,
    cluster,
    slack,
    bots,
    clocks,
    lines,
    setWeather: (next) => void (weather = next),
    boot(replica) {
      booted += 1;
      const { crashPoint } = scene;
      const around = { setting, timeline, cluster, slack, weather: () => weather, lines };
      const whole = { ...around, ...(crashPoint ? { crashPoint } : {}) };
      bots.set(replica, startBot(whole, `bot-${replica}-${booted}`, clocks[replica]!));
    },
    rollbacks: () => cluster.storage.peek(ROLLBACKS, HOME) as unknown as Rollback[],
  };
  return scene;
}
