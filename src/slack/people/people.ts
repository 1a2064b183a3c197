/** Who a Slack id is: guests, strangers, bots and people who left are told apart here. Answers are kept for a minute. */
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
}

const KEPT_MS = 60_000;
const TIMEOUT_MS = 1500;

interface Kept<T> {
  at: number;
  value: Promise<T>;
}

/** One call per key and minute; a failure is not kept. */
function kept<T>(clock: Clock, ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Kept<T>>();
  return (key) => {
    const now = clock.now();
    const known = answers.get(key);
    if (known !== undefined && now - known.at < KEPT_MS) return known.value;
    const value = ask(key);
    answers.set(key, { at: now, value });
    value.catch(() => answers.delete(key));
    return value;
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
  const ownTeam = kept(clock, async () => {
    const answer = await within(TIMEOUT_MS, 'auth.test', client.auth.test());
    return answer.team_id ?? '';
  });
  const find = kept(clock, async (id) => {
    const [team, answer] = await Promise.all([
      ownTeam(''),
      within(TIMEOUT_MS, 'users.info', client.users.info({ user: id })),
    ]);
    return readPerson(id, answer.user ?? { deleted: true }, team);
  });
  const members = kept(clock, async (usergroup) => {
    const answer = await within(TIMEOUT_MS, 'usergroups.users.list', client.usergroups.users.list({ usergroup }));
    return new Set(answer.users ?? []);
  });
  return { find, members };
}
