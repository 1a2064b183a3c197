import { z } from 'zod';
import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import type { User } from '../workspace.ts';
import { count } from './arguments.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';
import { page } from './page.ts';

function userAnswer(core: Core, user: User): Answer {
  return {
    id: user.id,
    team_id: core.workspace.team.id,
    name: user.name,
    deleted: user.deleted,
    color: user.color,
    real_name: user.realName,
    tz: 'Etc/UTC',
    tz_offset: 0,
    profile: {
      title: user.role,
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: core.workspace.team.id,
      ...(user.botId === undefined ? {} : { bot_id: user.botId }),
    },
    is_admin: false,
    is_owner: false,
    is_bot: user.isBot,
    is_app_user: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: false,
    is_stranger: false,
    updated: 0,
  };
}

const about = webMethod(
  { scopes: ['users:read'], tier: 'tier4' },
  z.object({ user: z.string() }),
  (args, core): Answer => {
    const user = core.workspace.users.get(args.user);
    if (!user) throw new SlackError('user_not_found');
    return { user: userAnswer(core, user) };
  },
);

const list = webMethod(
  { scopes: ['users:read'], tier: 'tier2' },
  z.object({ limit: count.optional(), cursor: z.string().optional() }),
  (args, core): Answer => {
    const { items, next } = page([...core.workspace.users.values()], args.cursor, args.limit ?? 1000);
    return {
      members: items.map((user) => userAnswer(core, user)),
      cache_ts: Math.floor(core.clock.now() / 1000),
      response_metadata: { next_cursor: next },
    };
  },
);

const bot = webMethod({ scopes: ['users:read'] }, z.object({ bot: z.string() }), (args, core): Answer => {
  const user = [...core.workspace.users.values()].find((u) => u.botId === args.bot);
  if (!user) throw new SlackError('bot_not_found');
  return {
    bot: { id: args.bot, deleted: user.deleted, name: user.realName, app_id: core.workspace.app.id, user_id: user.id },
  };
});

export const users: MethodFamily = { 'users.info': about, 'users.list': list, 'bots.info': bot };
