/** The emulated Slack with the real Bolt app connected to it, for one test. */
import { beUnhurried } from '#test/harness/unhurried-time.ts';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { worldClock } from '#playground/clock.ts';
import type { WorldClock } from '#playground/clock.ts';
import { readManifest } from '#playground/slack/manifest.ts';
import type { Manifest } from '#playground/slack/manifest.ts';
import { startSlack } from '#playground/slack/server.ts';
import type { EmulatedSlack } from '#playground/slack/server.ts';

/** The bot's own manifest, and scopes of methods that the emulator has and the bot does not call yet. */
export function manifest(): Manifest {
  const own = readManifest(new URL('../../../manifest.yml', import.meta.url));
  own.oauth_config.scopes.bot.push('files:read', 'files:write');
  return own;
}

export interface Connected {
  slack: EmulatedSlack;
  app: App;
  clock: WorldClock;
  receivers: SocketModeReceiver[];
  /** A client with the bot's token, without retries. */
  client: WebClient;
  stop(): Promise<void>;
}

const noise = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export function webClient(slack: EmulatedSlack, token = slack.tokens.bot): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: noise,
  });
}

/** The SDK lets nobody hear of a reconnect that fails: one that the end of a test cuts short would be an unhandled rejection of that test. */
function keepReconnectsQuiet(client: SocketModeReceiver['client']): void {
  const start = client.start.bind(client);
  client.start = () => start().catch(() => new Promise(() => {}));
}

/** Starts Slack and an app with so many sockets. `listen` registers the app's listeners before it connects. */
export async function connect(
  listen: (app: App) => void = () => {},
  { sockets = 1, scopes = [] as string[] } = {},
): Promise<Connected> {
  const stopUnhurried = beUnhurried();
  const clock = worldClock({ unref: true });
  const wide = manifest();
  wide.oauth_config.scopes.bot.push(...scopes);
  const slack = await startSlack({ clock, manifest: wide });
  const receivers = Array.from({ length: sockets }, () => {
    const clientOptions = {
      slackApiUrl: slack.apiUrl,
      retryConfig: { forever: true, minTimeout: 100, maxTimeout: 500 },
    };
    return new SocketModeReceiver({
      appToken: slack.tokens.app,
      installerOptions: { clientOptions },
      // The SDK waits as long before it connects again.
      clientPingTimeout: 600,
      logger: noise,
    });
  });
  const app = new App({
    receiver: receivers[0]!,
    token: slack.tokens.bot,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logger: noise,
  });
  listen(app);
  for (const receiver of receivers) receiver.init(app);
  await Promise.all(receivers.map((receiver) => receiver.start()));
  for (const { client } of receivers) keepReconnectsQuiet(client);
  return {
    slack,
    app,
    clock,
    receivers,
    client: webClient(slack),
    async stop() {
      await Promise.all(receivers.map((receiver) => receiver.client.disconnect()));
      await slack.stop();
      stopUnhurried();
    },
  };
}

const PATIENCE_MS = 45_000;

/** Waits until the look answers something; gives up loudly. */
export async function until<T>(look: () => T | undefined | false, what = 'it'): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
