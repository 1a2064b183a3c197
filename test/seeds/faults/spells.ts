/**
 * Bad spells: for a while one thing is refused to the bot, each time, and then no longer: a permission taken away and given back, a token
 * that was revoked, a channel put away, an API server that has no seats or answers too late. Each rides over whatever weather there is.
 */
import type { Fate, Refused, Weather } from './weather.ts';

type Random = () => number;

interface Sort {
  says: string;
  system: 'kubernetes' | 'slack';
  /** Of `METHOD /path`, or of Slack's method. */
  strikes: RegExp;
  refused: Refused;
  /** It was done all the same. */
  isDone?: boolean;
  /** Services stay as they are under it, or it is refused, so that not all can come back. */
  isFinal?: boolean;
}

/** From, to: ms of the seed. */
export interface Spell extends Sort {
  fromMs: number;
  toMs: number;
}

const forbidden = { status: 403 };
const slackSays = (error: string): Refused => ({ status: 200, error });

const SORTS: readonly Sort[] = [
  { says: 'may not patch workloads', strikes: /^PATCH .*\/deployments\//, refused: forbidden, isFinal: true },
  { says: 'may not write statuses', strikes: /^PATCH .*\/rollbacks\/.*\/status/, refused: forbidden, isFinal: true },
  { says: 'may not keep evidence', strikes: /^(POST|PUT|PATCH) .*\/configmaps/, refused: forbidden },
  { says: 'may not read pods', strikes: /^GET .*\/(pods|events|replicasets)/, refused: forbidden },
  { says: 'may not touch the lease', strikes: /^(GET|PUT|POST) .*\/leases/, refused: forbidden },
  { says: 'may not write rollbacks', strikes: /^(POST|PATCH) .*\/rollbacks(\/[^/]+)?$/, refused: forbidden },
  { says: 'no seats', strikes: /^/, refused: { status: 429, retryAfterSeconds: 2 } },
  { says: 'writes answered too late', strikes: /^(?!GET)/, refused: { status: 504 }, isDone: true },
  { says: 'writes time out', strikes: /^(?!GET)/, refused: { status: 504 } },
  { says: 'statuses answered with 500, done', strikes: /\/status/, refused: { status: 500 }, isDone: true },
  { says: 'patches in conflict', strikes: /^PATCH /, refused: { status: 409 } },
  { says: 'lists refused', strikes: /^GET /, refused: { status: 503 } },
].map((sort) => ({ system: 'kubernetes' as const, ...sort }));

const SLACK_SORTS: readonly Sort[] = [
  { says: 'the token is revoked', strikes: /^/, refused: slackSays('token_revoked') },
  { says: 'the token is wrong', strikes: /^/, refused: slackSays('invalid_auth') },
  { says: 'the channel is archived', strikes: /^chat\./, refused: slackSays('is_archived') },
  { says: 'not in the channel', strikes: /^(chat|conversations)\./, refused: slackSays('not_in_channel') },
  { says: 'no words in time', strikes: /^chat\./, refused: slackSays('request_timeout'), isDone: true },
].map((sort) => ({ system: 'slack' as const, ...sort }));

const one = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;

/** Most seeds have none. */
export function drawSpells(random: Random, startsAtMs: number, healsAtMs: number, isQuiet: boolean): Spell[] {
  const count = random() < 0.65 ? 0 : 1 + Math.floor(random() * 2);
  return Array.from({ length: count }, () => {
    const among = random() < 0.65 ? SORTS.filter(({ isFinal }) => !(isQuiet && isFinal)) : SLACK_SORTS;
    const fromMs = startsAtMs + random() * (healsAtMs - startsAtMs);
    const forMs = random() < 0.5 ? random() * 3000 : random() * 30_000;
    return { ...one(among, random), fromMs, toMs: Math.min(healsAtMs, fromMs + forMs) };
  });
}

/** `nowMs` is the seed's time. */
export function underSpells(weather: Weather, spells: readonly Spell[], nowMs: () => number): Weather {
  const over = (system: Spell['system'], call: string, fate: Fate): Fate => {
    const spell = spells.find(
      (s) => s.system === system && s.fromMs <= nowMs() && nowMs() < s.toMs && s.strikes.test(call),
    );
    if (!spell) return fate;
    return { ...fate, ...(spell.isDone ? { misanswered: spell.refused } : { refused: spell.refused }) };
  };
  return {
    ...weather,
    kubernetes: (method, path) =>
      over('kubernetes', `${method} ${path.split('?')[0]}`, weather.kubernetes(method, path)),
    slack: (method) => over('slack', method, weather.slack(method)),
  };
}
