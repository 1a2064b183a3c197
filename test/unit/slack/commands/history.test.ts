import { expect, it } from '@jest/globals';
import { historyNote } from '#slack/commands/history.ts';
import { at, aVersion } from '#test/harness/builders.ts';

const now = Date.parse(at('03:03'));
const entry = { ...aVersion('v1.4.3'), current: false, lastKnownGood: false, ranWellMinutes: 90 };

it('never says of a version that was left that it ran well', () => {
  expect(historyNote(entry, now)).toBe('ran well 1 h · from 2 h ago');
  expect(historyNote({ ...entry, leftAt: at('02:51') }, now)).toBe(
    'rolled back from 12 min ago after 1 h · from 2 h ago',
  );
});
