/** The workspace of the playground: "Lomash Wood", its people, user groups and channels. `k8s/catalogue.yaml` uses these ids. */
import type { Seed, User } from './workspace.ts';

const person = (id: string, name: string, realName: string, role: string, color: string): User => ({
  id,
  name,
  realName,
  role,
  isBot: false,
  isRestricted: false,
  deleted: false,
  color,
});

const engineers = ['U0ONCALL', 'U0BACKEND', 'U0LEAD', 'U0NOTALLOWED'];

/** Posts the alerts of production, as Alertmanager's own Slack app would. */
export const alertmanagerUser = 'U0ALERTS';

export const lomashWood: Seed = {
  team: { id: 'T0LOMASH', name: 'Lomash Wood', domain: 'lomashwood' },
  app: { id: 'A0ROLLBACK', name: 'rollback-bot', botUser: 'U0BOT', botId: 'B0BOT' },
  users: [
    person('U0ONCALL', 'maya', 'Maya Chen', 'On-call engineer, may roll back', '4a7fb5'),
    person('U0BACKEND', 'tom', 'Tom Okafor', 'Backend engineer, may roll back', '3f8f5f'),
    person('U0LEAD', 'ines', 'Inés Duarte', 'Incident lead, may roll back and approve', '9a5fb5'),
    person('U0NOTALLOWED', 'sam', 'Sam Reed', 'Product manager, may not roll back production', 'b5793f'),
    {
      ...person('U0GUEST', 'alex', 'Alex Moor', 'Guest from another company, may not', '8a8a8a'),
      isRestricted: true,
    },
    { ...person('U0BOT', 'rollback-bot', 'rollback-bot', 'App', '1f2933'), isBot: true, botId: 'B0BOT' },
    { ...person(alertmanagerUser, 'alertmanager', 'Alertmanager', 'App', 'c0392b'), isBot: true, botId: 'B0ALERTS' },
  ],
  usergroups: [
    {
      id: 'S0ONCALL',
      handle: 'oncall-backend',
      name: 'Backend on-call',
      users: ['U0ONCALL', 'U0BACKEND'],
      disabled: false,
    },
    { id: 'S0LEADS', handle: 'oncall-leads', name: 'Incident leads', users: ['U0LEAD'], disabled: false },
  ],
  channels: [
    {
      id: 'C0INCIDENT',
      name: 'incidents',
      topic: 'Production incidents. Roll back first, ask later.',
      kind: 'public',
      isArchived: false,
      members: [...engineers, 'U0GUEST', 'U0BOT', alertmanagerUser],
    },
    {
      id: 'C0STAGING',
      name: 'staging-deploys',
      topic: 'Deploys to staging',
      kind: 'public',
      isArchived: false,
      members: [...engineers, 'U0BOT'],
    },
    {
      id: 'C0DEV',
      name: 'dev-deploys',
      topic: 'Deploys to dev',
      kind: 'public',
      isArchived: false,
      members: [...engineers, 'U0BOT'],
    },
    {
      id: 'C0GENERAL',
      name: 'general',
      topic: 'Everybody. The bot is not in here.',
      kind: 'public',
      isArchived: false,
      members: engineers,
    },
  ],
};
