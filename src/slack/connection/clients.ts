/**
 * The Web API clients, each once, each with an options object of its own: the Socket Mode client writes a retry policy into the object
 * it is given, and one 429 pauses the whole queue of a client (facts: node-slack-sdk 8.2, bolt 5.1).
 */
import { WebClient, type Logger, type WebClientOptions } from '@slack/web-api';

export interface SlackClients {
  /** `views.*`, ephemerals: never waits for a rate limit, for a trigger lives 3 s. Not retried. */
  interactive: WebClient;
  /** Look-ups of people, groups and channels. One retry: reads are safe to repeat. */
  reads: WebClient;
  /** Posts, edits and files. Never retried: a post whose answer was lost would stand twice. */
  background: WebClient;
}

export interface SlackConfig {
  botToken: string;
  appToken: string;
  /** Another Slack than slack.com; ends in /api/. */
  slackApiUrl?: string;
  /** Deadline of a pong, and how long a closed socket waits before it opens again; ms. */
  clientPingTimeout?: number;
  /** Another way there than the network. */
  fetch?: WebClientOptions['fetch'];
}

const api = ({ slackApiUrl, fetch }: SlackConfig): WebClientOptions => ({
  ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
  ...(fetch === undefined ? {} : { fetch }),
});

/** Options for one Socket Mode receiver, whose own loop tries again. A new object each time: the SDK writes into it. */
export function receiverOptions(config: SlackConfig): WebClientOptions {
  return { ...api(config), timeout: 10_000, retryConfig: { retries: 0 } };
}

/** Options for Bolt's App itself; listeners do not use its client. */
export function appOptions(config: SlackConfig): WebClientOptions {
  return { ...api(config), timeout: 8000, retryConfig: { retries: 0 } };
}

export function createClients(config: SlackConfig, logger: Logger): SlackClients {
  const client = (timeout: number, retries: number): WebClient =>
    new WebClient(config.botToken, {
      ...api(config),
      logger,
      timeout,
      retryConfig: { retries, minTimeout: 100, maxTimeout: 200 },
      rejectRateLimitedCalls: true,
    });
  return { interactive: client(2500, 0), reads: client(1200, 1), background: client(5000, 0) };
}

export const NO_ANSWER = 'no answer';

/** It came from a call of the Web API. */
export function isSlackError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('slack_webapi_');
}

/** How long Slack wants nothing of that sort from us, in ms; undefined: it did not limit us. */
export function limitedForMs(error: unknown): number | undefined {
  if (slackError(error) !== 'ratelimited') return undefined;
  const { retryAfter } = error as { retryAfter?: unknown };
  return 1000 * (typeof retryAfter === 'number' ? Math.max(1, retryAfter) : 1);
}

/** Slack's own word for what went wrong, as in `data.error`: "not_in_channel"; "no answer" when there was none. */
export function slackError(error: unknown): string {
  if (error instanceof Error && 'data' in error) {
    const { data: answer } = error as { data?: { error?: unknown } };
    if (typeof answer?.error === 'string') return answer.error;
  }
  if (error instanceof Error && 'code' in error && error.code === 'slack_webapi_rate_limited_error')
    return 'ratelimited';
  return NO_ANSWER;
}
