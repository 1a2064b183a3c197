/** An older version may refuse a newer database schema; nothing compares migrations yet, so it says so. */
import type { Check } from '../check.ts';

export const migrations: Check = ({ to, from }) =>
  to === undefined
    ? []
    : [
        {
          check: 'migrations',
          grade: 'unchecked',
          text: `Migrations: not checked. ${to.version} must be able to work with the database as ${from?.version ?? 'the newer version'} left it.`,
        },
      ];
