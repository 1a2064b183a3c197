/** "Mark resolved": a person ends the monitoring. */
import { alreadyEnded, requestAction } from './record.ts';

export const resolve = requestAction({
  request: 'resolve',
  tooLate: (rollback) =>
    alreadyEnded(rollback) ??
    (rollback.status?.outcomeAt === undefined ? 'Not yet: the outcome is not known. Nothing was recorded.' : undefined),
  followsOutcome: true,
  recorded: 'resolved by you.',
});
