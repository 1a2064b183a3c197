import { expect, it } from '@jest/globals';
import { readPerson } from '#slack/people/people.ts';
import { shownWhoMay } from '#slack/people/permission.ts';
import { catalogue } from '../catalogue.ts';

it.each([
  ['a member', {}, undefined],
  ['a guest', { is_restricted: true }, 'guest'],
  ['a single-channel guest', { is_ultra_restricted: true }, 'guest'],
  ['somebody who left', { deleted: true }, 'deactivated'],
  ['a bot', { is_bot: true }, 'bot'],
  ['a stranger', { is_stranger: true }, 'stranger'],
  ['somebody of another workspace', { team_id: 'T0OTHER' }, 'stranger'],
  ['a member through the enterprise', { team_id: 'T0OTHER', enterprise_user: { teams: ['T0OWN'] } }, undefined],
])('%s is told apart', (_who, user, outsider) => {
  expect(readPerson('U1', { real_name: 'Maya Chen', team_id: 'T0OWN', ...user }, 'T0OWN').outsider).toBe(outsider);
});

it('who may is named as the catalogue says, else by name and id, without markup', () => {
  const production = catalogue.environments['production']!;
  expect(shownWhoMay(production, catalogue)).toBe('@oncall-backend or @oncall-leads');
  const mayRollBack = { users: ['U0ONCALL', 'U0X'], groups: ['S0LEADS'] };
  expect(shownWhoMay({ ...production, mayRollBack }, catalogue)).toBe('user group S0LEADS, Maya Chen, U0X');
});
