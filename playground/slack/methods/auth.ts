import { z } from 'zod';
import { SlackError } from '../slack-error.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';

const authTest = webMethod({ tier: 'none' }, z.object({}), (_args, { workspace, address }): Answer => {
  const { team, app } = workspace;
  return {
    url: `${address.url}/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.botUser,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
});

const apiTest = webMethod(
  { token: 'none', tier: 'none' },
  z.looseObject({ error: z.string().optional() }),
  (args): Answer => {
    if (args.error !== undefined) throw new SlackError(args.error, { args });
    return { args };
  },
);

const connectionsOpen = webMethod({ token: 'app', tier: 'none' }, z.object({}), (_args, core): Answer => {
  if (!core.manifest.settings.socket_mode_enabled) throw new SlackError('socket_mode_not_enabled');
  const socketUrl = core.address.url.replace(/^http/, 'ws');
  return { url: `${socketUrl}/socket?ticket=${core.sockets.issueTicket()}` };
});

export const auth: MethodFamily = {
  'auth.test': authTest,
  'api.test': apiTest,
  'apps.connections.open': connectionsOpen,
};
