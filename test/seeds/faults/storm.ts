/**
 * Bad weather: each sort of fault is switched on for a seed or not, and then strikes at a rate of its own (after FoundationDB's manner), so
 * that some seeds know one fault only and others many. It holds until the seed is healed.
 */
import type { Fate, Refused, WatchFate, Weather } from './weather.ts';
import { calm } from './weather.ts';

type Random = () => number;

const API_FAULTS = [
  'drop',
  'reset',
  'lose',
  'lose-reset',
  'late',
  'slow',
  'twice',
  'refuse',
  'misanswer',
  'conflict',
] as const;
const SLACK_FAULTS = ['drop', 'reset', 'lose', 'lose-reset', 'late', 'slow', 'limit', 'refuse', 'misanswer'] as const;
const WATCH_FAULTS = ['reset', 'close', 'silent', 'expired', 'error', 'hang', 'double', 'slow'] as const;
const HEALTH_FAULTS = ['silent', 'not-reached', 'refuse'] as const;

type Rates<Name extends string> = Partial<Record<Name, number>>;

/** When the whole of a system does not answer: ms of virtual time. */
export interface Outage {
  system: 'kubernetes' | 'slack';
  fromMs: number;
  toMs: number;
  how: 'drop' | 'reset' | 'refuse';
}

export interface Storm {
  api: Rates<(typeof API_FAULTS)[number]>;
  slack: Rates<(typeof SLACK_FAULTS)[number]>;
  watch: Rates<(typeof WATCH_FAULTS)[number]>;
  health: Rates<(typeof HEALTH_FAULTS)[number]>;
  outages: Outage[];
}

const one = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;

function rates<Name extends string>(names: readonly Name[], share: number, random: Random): Rates<Name> {
  const chosen = names.filter(() => random() < share);
  return Object.fromEntries(chosen.map((name) => [name, one([0.01, 0.04, 0.15], random)])) as Rates<Name>;
}

export function drawStorm(random: Random, startsAtMs: number, healsAtMs: number): Storm {
  const outages: Outage[] = [];
  for (const system of ['kubernetes', 'slack'] as const) {
    if (random() > 0.25) continue;
    const fromMs = startsAtMs + random() * (healsAtMs - startsAtMs);
    const toMs = Math.min(healsAtMs, fromMs + 1000 + random() * 25_000);
    outages.push({ system, fromMs, toMs, how: one(['drop', 'reset', 'refuse'] as const, random) });
  }
  return {
    api: rates(API_FAULTS, 0.3, random),
    slack: rates(SLACK_FAULTS, 0.3, random),
    watch: rates(WATCH_FAULTS, 0.25, random),
    health: rates(HEALTH_FAULTS, 0.2, random),
    outages,
  };
}

function struck<Name extends string>(chosen: Rates<Name>, random: Random): Name | undefined {
  for (const name in chosen) if (random() < chosen[name]!) return name;
  return undefined;
}

const REFUSALS: readonly Refused[] = [
  { status: 429, retryAfterSeconds: 1 },
  { status: 429, retryAfterSeconds: 3 },
  { status: 500 },
  { status: 503 },
  { status: 504 },
  { status: 401 },
];
const SLACK_WORDS = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];

function apiFate(
  name: Storm['api'] extends Rates<infer N> ? N : never,
  usual: Fate,
  method: string,
  random: Random,
): Fate {
  switch (name) {
    case 'drop':
      return { ...usual, dropped: 'silent' };
    case 'reset':
      return { ...usual, dropped: 'reset' };
    case 'lose':
      return { ...usual, answerLost: 'silent' };
    case 'lose-reset':
      return { ...usual, answerLost: 'reset' };
    case 'late':
      return { ...usual, thereMs: 200 + random() * 12_000 };
    case 'slow':
      return { ...usual, backMs: 200 + random() * 5000 };
    case 'twice':
      return { ...usual, againAfterMs: 1 + random() * 8000 };
    case 'refuse':
      return { ...usual, refused: one(REFUSALS, random) };
    case 'misanswer':
      return method === 'GET' ? usual : { ...usual, misanswered: { status: one([500, 504], random) } };
    case 'conflict':
      return method === 'PUT' ? { ...usual, refused: { status: 409 } } : usual;
  }
}

/** Slack does what it was sent, or not, within ten seconds of the time that the bot waits for it (5 s). */
const SLACK_LATE_MS = 15_000;

function slackFate(name: keyof Storm['slack'], usual: Fate, method: string, random: Random): Fate {
  const isRead = !method.startsWith('chat.');
  switch (name) {
    case 'drop':
      return { ...usual, dropped: 'silent' };
    case 'reset':
      return { ...usual, dropped: 'reset' };
    case 'lose':
      return { ...usual, answerLost: 'silent' };
    case 'lose-reset':
      return { ...usual, answerLost: 'reset' };
    case 'late':
      return { ...usual, thereMs: 500 + random() * (SLACK_LATE_MS - 500) };
    case 'slow':
      return { ...usual, backMs: 500 + random() * 8000 };
    case 'limit':
      return { ...usual, refused: { status: 429, error: 'ratelimited', retryAfterSeconds: one([1, 5, 30], random) } };
    case 'refuse':
      if (random() < 0.5) return { ...usual, refused: { status: one([500, 502, 503], random) } };
      return { ...usual, refused: { status: 200, error: one([...SLACK_WORDS, 'not_in_channel'], random) } };
    case 'misanswer':
      return isRead ? usual : { ...usual, misanswered: { status: 200, error: one(SLACK_WORDS, random) } };
  }
}

function watchFate(name: keyof Storm['watch'], usual: WatchFate, random: Random): WatchFate {
  const afterMs = random() * 20_000;
  switch (name) {
    case 'hang':
      return { ...usual, hangs: { afterMs, forMs: 1000 + random() * 60_000 } };
    case 'double':
      return { ...usual, doublesEvents: true };
    case 'slow':
      return { ...usual, latencyMs: 100 + random() * 4000 };
    default:
      return { ...usual, ends: { afterMs, how: name } };
  }
}

/** `nowMs` is the seed's time. */
export function storm({ api, slack, watch, health, outages }: Storm, random: Random, nowMs: () => number): Weather {
  const fair = calm(random);
  const outage = (system: Outage['system']): Outage | undefined =>
    outages.find((o) => o.system === system && o.fromMs <= nowMs() && nowMs() < o.toMs);
  const down = ({ how }: Outage, usual: Fate): Fate =>
    how === 'refuse'
      ? { ...usual, refused: { status: 503 } }
      : { ...usual, dropped: how === 'drop' ? 'silent' : 'reset' };
  return {
    kubernetes(method, path) {
      const usual = fair.kubernetes(method, path);
      const out = outage('kubernetes');
      if (out) return down(out, usual);
      const name = struck(api, random);
      return name === undefined ? usual : apiFate(name, usual, method, random);
    },
    watch(path) {
      const usual = fair.watch(path);
      if (outage('kubernetes')) return { ...usual, ends: { afterMs: 0, how: 'reset' } };
      const name = struck(watch, random);
      return name === undefined ? usual : watchFate(name, usual, random);
    },
    slack(method) {
      const usual = fair.slack(method);
      const out = outage('slack');
      if (out) return down(out, usual);
      const name = struck(slack, random);
      return name === undefined ? usual : slackFate(name, usual, method, random);
    },
    health() {
      const { ms } = fair.health();
      const name = struck(health, random);
      if (name === undefined) return { ms };
      return { ms: name === 'silent' ? 2000 : ms, instead: name === 'refuse' ? 503 : name };
    },
  };
}
