/**
 * Who a Slack id is: guests, strangers, bots and people who left are told apart here. Answers are kept for a minute; what Slack said last is
 * remembered for a day, in memory alone, for questions that may not wait until Slack is back.
 */
import type { WebClient } from '@slack/web-api';
import type { Clock } from '#rollback/ports.ts';
import { within } from '../deadline.ts';

export interface SlackPerson {
  id: string;
  /** For showing only: anybody can choose it. */
  name: string;
  /** Why this account may never roll back; absent for a full member of this workspace. */
  outsider?: 'guest' | 'stranger' | 'bot' | 'deactivated';
}

export interface People {
  /** Rejects when Slack does not answer in time or does not know the id. */
  find(id: string): Promise<SlackPerson>;
  /** Rejects likewise. User ids of a group. */
  members(group: string): Promise<ReadonlySet<string>>;
  /** What Slack said last, within 24 hours; undefined: nothing. */
  lastKnown: {
    person(id: string): SlackPerson | undefined;
    members(group: string): ReadonlySet<string> | undefined;
  };
  /** Asks for these groups now and each half hour, so that who is in them is known when Slack is not there. Resolves when aborted. */
  remember(groups: readonly string[], signal: AbortSignal): Promise<void>;
}

const KEPT_MS = 60_000;
const REMEMBERED_MS = 24 * 60 * 60_000;
const REMEMBER_EACH_MS = 30 * 60_000;
const TIMEOUT_MS = 1500;

interface Kept<T> {
  at: number;
  value: T;
}

/** Of one kind of question. */
interface Asking<T> {
  /** One call per key and minute; a failure is not kept. */
  ask(key: string): Promise<T>;
  /** Past the minute, and past what is kept. */
  askAnew(key: string): Promise<T>;
  last(key: string): T | undefined;
}

function asking<T>(clock: Clock, call: (key: string) => Promise<T>): Asking<T> {
  const answers = new Map<string, Kept<Promise<T>>>();
  const said = new Map<string, Kept<T>>();
  const askAnew = async (key: string): Promise<T> => {
    const value = await call(key);
    said.set(key, { at: clock.now(), value });
    return value;
  };
  return {
    askAnew,
    ask(key) {
      const now = clock.now();
      const known = answers.get(key);
      if (known !== undefined && now - known.at < KEPT_MS) return known.value;
      const value = askAnew(key);
      answers.set(key, { at: now, value });
      value.catch(() => answers.delete(key));
      return value;
    },
    last(key) {
      const known = said.get(key);
      return known !== undefined && clock.now() - known.at < REMEMBERED_MS ? known.value : undefined;
    },
  };
}

interface SlackUser {
  name?: string;
  real_name?: string;
  team_id?: string;
  deleted?: boolean;
  is_bot?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  enterprise_user?: { teams?: string[] };
  profile?: { display_name?: string; real_name?: string };
}

/** `team`: this workspace. */
export function readPerson(id: string, user: SlackUser, team: string): SlackPerson {
  const name = user.real_name || user.profile?.real_name || user.profile?.display_name || user.name || id;
  const teams = user.enterprise_user?.teams ?? [];
  const foreign = user.team_id !== undefined && user.team_id !== team && !teams.includes(team);
  const outsider = user.deleted
    ? 'deactivated'
    : user.is_bot
      ? 'bot'
      : user.is_stranger || foreign
        ? 'stranger'
        : user.is_restricted || user.is_ultra_restricted
          ? 'guest'
          : undefined;
  return { id, name, ...(outsider === undefined ? {} : { outsider }) };
}

export function createPeople(client: WebClient, clock: Clock): People {
  const ownTeam = asking(clock, async () => {
    const answer = await within(TIMEOUT_MS, 'auth.test', client.auth.test());
    return answer.team_id ?? '';
  });
  const people = asking(clock, async (id) => {
    const [team, answer] = await Promise.all([
      // A token is of one workspace for as long as it lives.
      ownTeam.last('') ?? ownTeam.ask(''),
      within(TIMEOUT_MS, 'users.info', client.users.info({ user: id })),
    ]);
    return readPerson(id, answer.user ?? { deleted: true }, team);
  });
  const groups = asking(clock, async (usergroup): Promise<ReadonlySet<string>> => {
    const answer = await within(TIMEOUT_MS, 'usergroups.users.list', client.usergroups.users.list({ usergroup }));
    return new Set(answer.users ?? []);
  });
  return {
    find: (id) => people.ask(id),
    members: (group) => groups.ask(group),
    lastKnown: { person: (id) => people.last(id), members: (group) => groups.last(group) },
    async remember(names, signal) {
      while (!signal.aborted) {
        // What Slack does not say now it may say in half an hour.
        for (const name of names) await groups.askAnew(name).catch(() => undefined);
        // The rejection is the abort, which ends the loop.
        await clock.sleep(REMEMBER_EACH_MS, signal).catch(() => undefined);
      }
    },
  };
}
