/** What the world panel's wishes do: each is one call on the part that it is about. */
import type { BotProcess } from '../bot/bot-process.ts';
import type { WorldClock } from '../clock.ts';
import { alertmanagerUser } from '../slack/seed.ts';
import type { EmulatedSlack } from '../slack/server.ts';
import { turn } from '../slack/troubles.ts';
import type { WorldAction } from '../world-protocol.ts';
import type { Surroundings } from './surroundings.ts';

export interface WishParts {
  clock: WorldClock;
  slack: EmulatedSlack;
  surroundings: Surroundings;
  /** Absent: the bot is started by hand. */
  bot: BotProcess | undefined;
  startOver(): Promise<void>;
}

/** The bot runs elsewhere; the message is for the person who asked. */
const notHere = (): Error => new Error('The bot is not started here: start it with npm start.');

/** Posts and edits answer 429; forms still open, as on a bad day. */
const limited = 'chat.*';
const retryAfterSeconds = 5;

function postAlert({ slack, surroundings: { world } }: WishParts, service: string): void {
  const environments = Object.values(world.catalogue.environments);
  const channel = (environments.find(({ production }) => production) ?? environments[0])?.channel ?? '';
  slack.post({ user: alertmanagerUser, channel, text: world.alertText(service) });
}

function limitRate({ slack }: WishParts, on: boolean): void {
  slack.faults.stopRateLimit();
  if (on) slack.faults.rateLimit(limited, retryAfterSeconds);
}

/** Everybody's time moves: the cluster's and Slack's through the clock, the bot's by a message. */
function skip({ clock, slack, bot }: WishParts, minutes: number): void {
  const ms = minutes * 60_000;
  clock.advance(ms);
  bot?.skip(ms);
  slack.clockMoved();
}

/** Does one wish. Rejects with an error whose message may be shown. */
export async function fulfil(parts: WishParts, wish: WorldAction): Promise<void> {
  const { slack, surroundings, bot } = parts;
  switch (wish.action) {
    case 'deploy-bad':
    case 'deploy-crash-loop':
    case 'deploy-slow':
    case 'deploy-good':
      surroundings.world.act(wish.action, wish.service);
      return;
    case 'slack-rate-limit':
      return limitRate(parts, wish.on);
    case 'drop-socket':
      return slack.faults.dropSockets();
    case 'slack-trouble':
      return turn(slack, wish.name, wish.on);
    case 'api-server':
      return wish.up ? surroundings.cluster.faults.up() : surroundings.cluster.faults.down();
    case 'log-reads':
      return surroundings.cluster.faults.hang(wish.hang ? ({ path }) => path.endsWith('/log') : undefined);
    case 'kill-bot':
      if (!bot) throw notHere();
      return bot.kill();
    case 'start-bot':
      if (!bot) throw notHere();
      return bot.start();
    case 'skip':
      return skip(parts, wish.minutes);
    case 'start-over':
      return parts.startOver();
    case 'alert':
      return postAlert(parts, wish.service);
  }
}
