import { z } from 'zod';
import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import type { Usergroup } from '../workspace.ts';
import { flag } from './arguments.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';

function usergroupAnswer(core: Core, group: Usergroup, withUsers: boolean): Answer {
  return {
    id: group.id,
    team_id: core.workspace.team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    date_delete: group.disabled ? 1 : 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}

const list = webMethod(
  { scopes: ['usergroups:read'], tier: 'tier2' },
  z.object({ include_users: flag.optional(), include_disabled: flag.optional(), include_count: flag.optional() }),
  (args, core): Answer => ({
    usergroups: [...core.workspace.usergroups.values()]
      .filter((group) => args.include_disabled || !group.disabled)
      .map((group) => usergroupAnswer(core, group, args.include_users ?? false)),
  }),
);

const members = webMethod(
  { scopes: ['usergroups:read'], tier: 'tier2' },
  z.object({ usergroup: z.string(), include_disabled: flag.optional() }),
  (args, core): Answer => {
    const group = core.workspace.usergroups.get(args.usergroup);
    if (!group || (group.disabled && !args.include_disabled)) throw new SlackError('no_such_subteam');
    return { users: group.users };
  },
);

export const usergroups: MethodFamily = { 'usergroups.list': list, 'usergroups.users.list': members };
