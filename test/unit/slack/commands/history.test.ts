import { expect, it } from '@jest/globals';
import { historyNote } from '#slack/commands/history.ts';
import { at, aVersion } from '#test/harness/builders.ts';

const now = Date.parse(at('03:03'));
const entry = { ...aVersion('v1.4.3'), current: false, lastKnownGood: false, ranWellMinutes: 90 };

it('says since when a version is back, rather than when it was first deployed', () => {
  const cameBack = { firstDeployedAt: at('01:00'), by: 'Maya Chen' };
  const back = { ...entry, current: true, deployedAt: at('02:12'), cameBack };
  expect(historyNote(back, now)).toBe('current · ran well 1 h · back since 02:12 UTC');
  expect(historyNote({ ...back, current: false }, now)).toBe('ran well 1 h · back at 02:12 UTC');
});

it('never says of a version that was left that it ran well', () => {
  expect(historyNote(entry, now)).toBe('ran well 1 h · from 2 h ago');
  expect(historyNote({ ...entry, leftAt: at('02:51') }, now)).toBe(
    'rolled back from 12 min ago after 1 h · from 2 h ago',
  );
});
