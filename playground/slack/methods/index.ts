import { auth } from './auth.ts';
import { chat } from './chat.ts';
import { conversations } from './conversations.ts';
import { files } from './files.ts';
import type { MethodFamily } from './method.ts';
import { reactions } from './reactions.ts';
import { usergroups } from './usergroups.ts';
import { users } from './users.ts';
import { views } from './views.ts';

/** Every Web API method there is. */
export const methods: MethodFamily = {
  ...auth,
  ...chat,
  ...conversations,
  ...files,
  ...reactions,
  ...usergroups,
  ...users,
  ...views,
};
